/**
 * Matches the packages of one application (lock file, binary, set of installed packages) with the advisories of
 * its ecosystem. Packages without a version, and versions or ranges that do not parse, are noted, never called clean.
 */
import { ecosystemOf, type Ecosystem } from '#ecosystems';
import type { AdvisoryLookup, AdvisoryRecord, Application, Package } from '#model';
import { scheme } from '#versions';
import type { Hit } from '../hit.js';
import type { Notes } from '../notes.js';
import { fixedVersions } from './fixed-versions.js';
import { isAffected } from './is-affected.js';
import { sourcesOf, type Advised } from './sources.js';

export function matchApplication({ type, path, packages }: Application, lookup: AdvisoryLookup, notes: Notes): Hit[] {
  const ecosystem = ecosystemOf(type);
  const advised = advisedEcosystem(ecosystem);
  if (!advised) {
    const title = ecosystem?.title ?? type;
    noteUnassessed(notes, 'match/unsupported', `no advisories are published for ${title} packages`, packages, path);
    return [];
  }
  if (!lookup.hasPrefix(advised.advisories)) {
    const reason = `the database has no advisories for ${advised.title} packages`;
    noteUnassessed(notes, 'match/advisories-missing', reason, packages, path);
    return [];
  }
  return packages.flatMap((pkg) => matchPackage(advised, pkg, lookup, notes));
}

/** Whether packages of this application type can be compared with anything in the database. */
export function isAdvised(type: string, lookup: AdvisoryLookup): boolean {
  const advised = advisedEcosystem(ecosystemOf(type));
  return advised !== undefined && lookup.hasPrefix(advised.advisories);
}

function advisedEcosystem(ecosystem: Ecosystem | undefined): Advised | undefined {
  const { scheme: versions, advisories } = ecosystem ?? {};
  return ecosystem && versions && advisories ? { ...ecosystem, scheme: versions, advisories } : undefined;
}

function noteUnassessed(
  notes: Notes,
  code: 'match/unsupported' | 'match/advisories-missing',
  reason: string,
  packages: readonly Package[],
  path: string,
): void {
  const full = `${reason}: these were not assessed`;
  for (const pkg of packages) notes.add(code, full, [path || pkg.path, pkg.name].filter(Boolean).join(' '));
}

function matchPackage(ecosystem: Advised, pkg: Package, lookup: AdvisoryLookup, notes: Notes): Hit[] {
  if (!pkg.version) {
    notes.add('match/no-version', `${ecosystem.title} packages without a version were not assessed`, pkg.name);
    return [];
  }
  const { records, scheme: id } = sourcesOf(ecosystem, pkg, lookup);
  if (records.length === 0) return [];
  const versions = scheme(id);
  const hits: Hit[] = [];
  for (const record of records) {
    const affected = isAffected(versions, pkg.version, record.advisory);
    if (affected) hits.push(toHit(pkg, record));
    else if (affected === undefined) noteUndetermined(notes, ecosystem, pkg, record, versions.valid(pkg.version));
  }
  return hits;
}

function toHit(pkg: Package, { id, source, advisory }: AdvisoryRecord): Hit {
  return {
    id,
    package: pkg,
    packageId: pkg.id,
    installedVersion: pkg.version,
    fixedVersion: fixedVersions(advisory) || undefined,
    status: undefined,
    severity: undefined,
    vendorIds: advisory.VendorIDs,
    dataSource: source,
  };
}

function noteUndetermined(
  notes: Notes,
  { title }: Ecosystem,
  pkg: Package,
  record: AdvisoryRecord,
  validVersion: boolean,
): void {
  if (validVersion)
    notes.add(
      'match/undetermined-advisory',
      `advisories for ${title} whose ranges cannot be read were not assessed`,
      `${record.id} for ${pkg.name}`,
    );
  else
    notes.add(
      'match/undetermined-version',
      `${title} packages whose version cannot be compared were not assessed`,
      `${pkg.name} ${pkg.version}`,
    );
}
