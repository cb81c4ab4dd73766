/**
 * Matches packages with advisories that name a fixed version: all distributions but Red Hat.
 * A package is affected while its version is lower than the fix, or while there is no fix where the
 * distribution publishes unfixed ones. Versions that do not parse are noted, never called clean.
 */
import { bucketOf } from '#ecosystems';
import type { AdvisoryRecord, Package, StoredAdvisory } from '#model';
import { scheme } from '#versions';
import { statedSeverity, statedStatus, type Hit } from '../hit.js';
import { adviceKey } from './advice-key.js';
import { binaryVersion, sourceVersion, withoutZeroEpoch } from './package-version.js';
import type { System } from './system.js';

export function matchFixedVersions(system: System, packages: readonly Package[]): Hit[] {
  const { advisories, distribution, lookup, notes, os } = system;
  const bucket = bucketOf(distribution, advisories, os, system.now, system.repository);
  if (!lookup.hasBucket(bucket)) {
    notes.state(
      'match/advisories-missing',
      `the database has no advisories for ${bucket}: ${packages.length} packages were not assessed`,
    );
    return [];
  }
  const hits: Hit[] = [];
  for (const pkg of packages) {
    const key = adviceKey(system, pkg);
    const records = key ? lookup.advisories(bucket, key) : [];
    if (records.length > 0) hits.push(...matchPackage(system, pkg, records));
  }
  return hits;
}

function matchPackage(system: System, pkg: Package, records: readonly AdvisoryRecord[]): Hit[] {
  const { advisories, notes } = system;
  const compared = advisories.compares === 'source' ? sourceVersion(pkg) : binaryVersion(pkg);
  const oldest = compared === '' && advisories.withoutSourceVersion === 'oldest';
  if (!oldest && !scheme(advisories.scheme).valid(compared)) {
    notes.add(
      'match/undetermined-version',
      `packages whose version is not a valid ${advisories.scheme} version were not assessed`,
      `${pkg.name} ${compared}`,
    );
    return [];
  }
  const hits: Hit[] = [];
  for (const record of records)
    for (const fix of fixesOf(system, record.advisory, pkg)) {
      if (advisories.applies && !advisories.applies(pkg, fix.FixedVersion ?? '')) continue;
      const affected = oldest ? isEverAffected(system, fix) : isAffected(system, compared, fix);
      if (affected) hits.push(toHit(system, pkg, record, fix));
      else if (affected === undefined) noteAdvisory(system, record, fix);
    }
  return hits;
}

/** One statement of an advisory: a record's own, or one of its entries. */
interface Fix {
  readonly FixedVersion?: string;
  readonly AffectedVersion?: string;
  readonly VendorIDs?: readonly string[];
}

/** The statements of one record that concern the package's architecture. */
function fixesOf({ advisories }: System, advisory: StoredAdvisory, pkg: Package): readonly Fix[] {
  if (advisories.shape !== 'entries' || !advisory.Entries?.length) return [advisory];
  return advisory.Entries.filter((entry) => pkg.arch !== undefined && entry.Arches?.includes(pkg.arch));
}

function isAffected({ advisories }: System, installed: string, fix: Fix): boolean | undefined {
  const { compare } = scheme(advisories.scheme);
  if (fix.AffectedVersion && advisories.unfixed) {
    const first = compare(installed, fix.AffectedVersion);
    if (first === undefined) return undefined;
    if (first < 0) return false;
  }
  if (!fix.FixedVersion) return advisories.unfixed;
  const order = compare(installed, fix.FixedVersion);
  return order === undefined ? undefined : order < 0;
}

/** Whether the oldest version is affected: not before the first affected one, nor when a fix in version `0` says that none is. */
function isEverAffected({ advisories }: System, fix: Fix): boolean | undefined {
  if (fix.AffectedVersion) return false;
  if (!fix.FixedVersion) return advisories.unfixed;
  return scheme(advisories.scheme).valid(fix.FixedVersion) ? fix.FixedVersion !== '0' : undefined;
}

function toHit({ advisories }: System, pkg: Package, { id, source, advisory }: AdvisoryRecord, fix: Fix): Hit {
  const fixedVersion = fix.FixedVersion || undefined;
  return {
    id,
    package: pkg,
    packageId: advisories.withoutPackageId ? undefined : pkg.id,
    installedVersion: advisories.shows === 'source' ? sourceVersion(pkg) : binaryVersion(pkg),
    fixedVersion: fixedVersion && advisories.canonicalFix ? withoutZeroEpoch(fixedVersion) : fixedVersion,
    status: advisories.statuses ? statedStatus(advisory.Status) : undefined,
    severity: statedSeverity(advisory.Severity, advisories.severitySource),
    vendorIds: advisories.vendorIds ? fix.VendorIDs : undefined,
    dataSource: source,
  };
}

function noteAdvisory({ notes, advisories }: System, record: AdvisoryRecord, fix: Fix): void {
  notes.add(
    'match/undetermined-advisory',
    `advisories whose version is not a valid ${advisories.scheme} version were not assessed`,
    `${record.id} ${fix.FixedVersion ?? ''}`,
  );
}
