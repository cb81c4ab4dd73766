/**
 * Builds an advisory database of schema 2 from a directory of feeds: `trivy.db` and `metadata.json`.
 * Yields  the same `trivy.db` for the same feeds; the time of the build is in `metadata.json` only.
 * Limits  memory: all statements and the tree are held at once, some hundred megabytes for all feeds.
 * Errors  `file/not-found`, `db/no-feeds`; damaged files of a feed are diagnostics.
 */
import { join } from 'node:path';
import { PratiqueError } from '#base';
import type { Diagnostic } from '#model';
import { makeDirectory, writeAtomically } from '#platform';
import type { AdvisorySource } from '../sources/advisory-source.js';
import { advisorySources } from '../sources/registry.js';
import { encodeDatabaseMetadata, zeroTime } from '../store/database-metadata.js';
import { advisorySchema } from '../store/update-decision.js';
import { writeBolt } from '../store/write-bolt.js';
import { databaseTree, type BuiltSource } from './database-tree.js';
import { Draft } from './draft.js';
import { checkDirectory, findFeed, statedDates } from './find-feeds.js';
import { readSource, type SourceProgress, type SourceReading } from './read-source.js';
import { vulnerabilityRecorder } from './vulnerability-record.js';

export interface BuildOptions {
  /** Directory of unpacked feeds. */
  readonly from: string;
  /** Directory for the two files; made when missing. */
  readonly output: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly sources?: readonly AdvisorySource[];
  readonly onProgress?: (progress: SourceProgress) => void;
  /** Of the bbolt file; 4096 bytes unless said otherwise. */
  readonly pageSize?: number;
}

export interface BuildResult {
  readonly path: string;
  readonly sources: readonly BuildSummary[];
  /** Ids of sources without a feed in the directory. */
  readonly absent: readonly string[];
  /** Vulnerabilities with details. */
  readonly vulnerabilities: number;
  /** Releases of operating systems with advisories, in the order of names: `alpine 3.11`. */
  readonly releases: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface BuildSummary extends BuiltSource {
  readonly files: number;
  readonly malformed: number;
  readonly problems: number;
}

const day = 86_400_000;

export async function buildDatabase(options: BuildOptions): Promise<BuildResult> {
  const { from, output, now } = options;
  checkDirectory(from);
  const dates = await statedDates(from);
  const draft = new Draft();
  const readings = await readAll(options, draft);
  let refusedVectors = 0;
  const record = await vulnerabilityRecorder(() => refusedVectors++);
  let summaries: readonly BuildSummary[] = [];
  const tree = databaseTree(draft, record, (counts) => (summaries = summarize(readings, counts, dates)));
  if (tree.counts.size === 0) throw new PratiqueError('db/no-feeds', { path: from });
  const path = join(output, 'trivy.db');
  // Ends where the runtime's own way would try for ever, such as in /proc.
  await makeDirectory(output);
  writeBolt(path, tree.root, options.pageSize === undefined ? {} : { pageSize: options.pageSize });
  await writeAtomically(join(output, 'metadata.json'), metadata(now));
  const diagnostics = [...readings.values()].flatMap((reading) => reading.diagnostics);
  return {
    path,
    sources: summaries,
    absent: (options.sources ?? advisorySources).filter((source) => !readings.has(source)).map(({ id }) => id),
    vulnerabilities: tree.vulnerabilities,
    releases: [...tree.counts.keys()].filter((bucket) => !bucket.includes('::')).sort(byRelease),
    diagnostics: refusedVectors > 0 ? [...diagnostics, vectorsRefused(refusedVectors)] : diagnostics,
  };
}

async function readAll(options: BuildOptions, draft: Draft): Promise<Map<AdvisorySource, SourceReading>> {
  const readings = new Map<AdvisorySource, SourceReading>();
  for (const source of options.sources ?? advisorySources) {
    const feed = findFeed(options.from, source);
    if (feed) readings.set(source, await readSource(source, feed, draft, options));
  }
  return readings;
}

function summarize(
  readings: ReadonlyMap<AdvisorySource, SourceReading>,
  counts: ReadonlyMap<string, number>,
  dates: ReadonlyMap<string, string>,
): BuildSummary[] {
  return [...readings].map(([source, { buckets, newest, files, malformed, problems }]) => ({
    source,
    date: dates.get(source.feed) ?? newest ?? 'unknown',
    advisories: [...buckets].reduce((sum, bucket) => sum + (counts.get(bucket) ?? 0), 0),
    buckets: [...buckets].filter((bucket) => counts.has(bucket)).sort(byRelease),
    files,
    malformed,
    problems,
  }));
}

function metadata(now: Date): string {
  return encodeDatabaseMetadata({
    version: advisorySchema,
    updatedAt: at(now.getTime()),
    nextUpdate: at(now.getTime() + day),
    downloadedAt: zeroTime,
  });
}

function at(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

function vectorsRefused(count: number): Diagnostic {
  return { code: 'db-build/unusable', severity: 'warning', message: `${count} CVSS vectors cannot be read` };
}

/** `alpine 3.9` before `alpine 3.11`. */
function byRelease(a: string, b: string): number {
  return new Intl.Collator('en', { numeric: true }).compare(a, b);
}
