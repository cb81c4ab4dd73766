/**
 * RapidFort's curated images: packages rebuilt from several distributions, each matched by where it was built.
 * An rpm tells by its last dist tag (`.el9`, `.fc40`, `.rf1`), a Debian package by the marker `+rf` or `rfubu`.
 * Source  https://docs.rapidfort.com
 */
import { releaseOf } from '#ecosystems';
import type { AdvisoryRecord, Package } from '#model';
import type { Hit } from '../hit.js';
import { binaryVersion, sourceVersion } from './package-version.js';
import { matchRanges, type RangeFeed } from './ranges.js';
import type { Supplier } from './supplier.js';
import type { System } from './system.js';

const families = new Set(['alpine', 'redhat', 'ubuntu']);

const feed: RangeFeed = { severitySource: ({ id }) => id, fixes: 'all' };

export const rapidfort: Supplier = {
  id: 'rapidfort',
  supplies: ({ id }, { supplier }) => supplier === 'rapidfort' && families.has(id),
  // The feed covers what the images hold, whoever built it first.
  covers: () => true,
  match: (system, packages) => packages.flatMap((pkg) => matchPackage(system, pkg)),
};

function matchPackage(system: System, pkg: Package): Hit[] {
  const compared = sourceVersion(pkg) || binaryVersion(pkg);
  if (!compared) return [];
  const bucket = bucketOf(system, compared);
  const records = recordsOf(system, bucket, pkg);
  return matchRanges(system, pkg, compared, records, feed);
}

/** Advisories by source name, then those by binary name that speak of something else. */
function recordsOf({ lookup }: System, bucket: string, pkg: Package): readonly AdvisoryRecord[] {
  const sourceName = pkg.source?.name || pkg.name;
  const bySource = lookup.advisories(bucket, sourceName);
  if (sourceName === pkg.name) return bySource;
  const ids = new Set(bySource.map(({ id }) => id));
  return [...bySource, ...lookup.advisories(bucket, pkg.name).filter(({ id }) => !ids.has(id))];
}

function bucketOf({ distribution, os }: System, version: string): string {
  if (distribution.id === 'alpine') return `rapidfort alpine ${releaseOf('minor', os.name)}`;
  if (distribution.id === 'ubuntu')
    return /\+rf|rfubu/.test(version) ? 'rapidfort ubuntu' : `rapidfort ubuntu ${releaseOf('minor', os.name)}`;
  const [, tag, number] = [...version.matchAll(/\.(el|fc|rf)(\d*)/g)].at(-1) ?? [];
  if (tag === 'rf') return 'rapidfort Red Hat';
  if (tag === 'fc') return `rapidfort fedora ${number}`.trimEnd();
  return `rapidfort Red Hat ${number || releaseOf('major', os.name)}`;
}
