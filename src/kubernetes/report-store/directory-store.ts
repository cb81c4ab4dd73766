/**
 * Reports as files of a directory, a persistent volume as a rule. Those that were not written for 30 days are removed: what
 * runs is written with every newer advisory database.
 */
import { join, relative } from 'node:path';
import { createHash, PratiqueError } from '#base';
import { removeOldFiles, type World, writeAtomically } from '#platform';
import { keyOf, type ReportStore } from './report-store.js';

const DAY = 86_400_000;
const KEPT = 30 * DAY;

export function directoryStore(address: string, world: World): ReportStore {
  const directory = pathOf(address);
  let cleaned = 0;
  return {
    async put(report) {
      const path = join(directory, keyOf(report));
      await writeAtomically(path, report.document);
      const now = world.clock.now().getTime();
      if (now - cleaned > DAY) {
        cleaned = now;
        await removeOldFiles(directory, now - KEPT);
      }
      const digest = `sha256:${createHash('sha256').update(report.document).digest('hex')}`;
      return { location: relative(directory, path), digest };
    },
    close: async () => {},
  };
}

function pathOf(address: string): string {
  if (!address.includes('://')) return address;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'file:' || url.host !== '')
    throw new PratiqueError('usage/invalid', {
      problem: '--report-store: a directory, file:///…, s3://… or oci://… is expected',
    });
  return decodeURIComponent(url.pathname);
}
