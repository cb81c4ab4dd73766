/**
 * From what was found in a target to its report: matched with the advisory database, filtered. Opened once for any number of
 * records, so that many are assessed without opening the database each time.
 */
import { compact } from '#base';
import { matchInventory } from '#match';
import { type DatabaseInfo, type ExploitProbability, type Report, severities } from '#model';
import { cacheDirectory, type World } from '#platform';
import { openDatabase, type OpenedDatabase } from './database.js';
import { applyFilter, openScanFilter } from './filter.js';
import { defaultScanners, type ScanOptions } from './options.js';
import { reportId } from './report-id.js';
import { makeResults } from './results.js';
import type { ScanRecord } from './take-inventory.js';
import { unmatched } from './unmatched.js';

export interface Assessor {
  /** Absent when vulnerabilities are not looked for. */
  readonly database?: DatabaseInfo;
  /** What the database tells of vulnerabilities beyond advisories. */
  readonly lists: readonly ('exploited' | 'epss')[];
  /** Severities or statuses are left out. */
  readonly isPartial: boolean;
  assess(record: ScanRecord): Promise<Report>;
  /** Listed as known to be exploited; databases without such a list know none. */
  knownExploited(id: string): boolean;
  /** EPSS; of databases that have it. */
  exploitProbability(id: string): ExploitProbability | undefined;
  close(): void;
}

const buckets = { exploited: 'KEV', epss: 'EPSS' } as const;

export async function openAssessor(options: ScanOptions, world: World): Promise<Assessor> {
  const cacheDir = options.cacheDir ?? cacheDirectory(world);
  const filter = await openScanFilter(options, cacheDir, world);
  const database = (options.scanners ?? defaultScanners).includes('vuln')
    ? await openDatabase({ ...options.database, cacheDir, registry: options.registry ?? {} }, world)
    : undefined;
  return {
    ...(database && { database: database.info }),
    assess: async (record) => applyFilter(await assemble(record, database, options, world), filter),
    lists: (['exploited', 'epss'] as const).filter((list) => database?.lookup.hasBucket(buckets[list])),
    isPartial: filter.severities.length < severities.length || filter.ignoredStatuses.length > 0,
    knownExploited: (id) => database?.lookup.knownExploited?.(id) === true,
    exploitProbability: (id) => database?.lookup.exploitProbability?.(id),
    close: () => database?.close(),
  };
}

async function assemble(
  { inventory, secretResults, ...found }: ScanRecord,
  database: OpenedDatabase | undefined,
  options: ScanOptions,
  world: World,
): Promise<Report> {
  const now = world.clock.now();
  const matched = database
    ? matchInventory(inventory, database.lookup, {
        now,
        packageTypes: options.packageTypes ?? ['os', 'library'],
        severitySources: options.severitySources ?? ['auto'],
      })
    : unmatched(inventory);
  const { os } = inventory;
  return compact({
    artifactName: found.artifactName,
    artifactType: found.artifactType,
    artifactId: found.artifactId,
    createdAt: now.toISOString(),
    reportId: reportId(now),
    metadata: compact({ ...found.metadata, os: os && { ...os, ...compact({ endOfLife: matched.os?.endOfLife }) } }),
    results: [
      ...makeResults(inventory, matched, found.artifactName, options),
      ...secretResults,
      ...(options.scanners?.includes('license')
        ? (await import('./license-results.js')).licenseResults(inventory, options.licenseCategories)
        : []),
    ],
    sbom: found.sbom,
    database: database?.info,
    diagnostics: [...inventory.diagnostics, ...matched.diagnostics, ...(database?.diagnostics ?? [])],
  });
}
