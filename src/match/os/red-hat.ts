/**
 * Matches packages with Red Hat's advisories, which name the products (CPEs) they are for.
 * The products of a package are those of the repositories its layer was built from, or of its build;
 * without that knowledge those of the release's default repositories, which is noted.
 * Of the entries that apply, each CVE keeps the one with the highest fix: an earlier fix may have been incomplete.
 * Source  https://www.redhat.com/en/blog/red-hat-security-data-oval-v2
 */
import { supportOf } from '#ecosystems';
import type { AdvisoryRecord, BuildInfo, Package, StoredEntry } from '#model';
import { scheme } from '#versions';
import { isLevel, statedStatus, type Hit } from '../hit.js';
import { adviceKey } from './advice-key.js';
import { binaryVersion } from './package-version.js';
import type { System } from './system.js';

export function matchRedHat(system: System, packages: readonly Package[]): Hit[] {
  const { advisories, lookup, notes } = system;
  if (!lookup.hasBucket(advisories.bucket)) {
    notes.state(
      'match/advisories-missing',
      `the database has no advisories for ${advisories.bucket}: ${packages.length} packages were not assessed`,
    );
    return [];
  }
  const products = productsOf(system);
  const hits: Hit[] = [];
  for (const pkg of packages) {
    const cpes = products(pkg);
    const key = cpes.size > 0 ? adviceKey(system, pkg) : undefined;
    if (key) hits.push(...matchPackage(system, pkg, cpes, lookup.advisories(advisories.bucket, key)));
  }
  return hits;
}

/** An entry of one advisory as it speaks of one CVE. */
interface Claim {
  readonly id: string;
  readonly erratum?: string;
  readonly severity: number;
  readonly entry: StoredEntry;
}

function matchPackage(
  { advisories }: System,
  pkg: Package,
  cpes: ReadonlySet<number>,
  records: readonly AdvisoryRecord[],
): Hit[] {
  const { compare } = scheme(advisories.scheme);
  const strongest = new Map<string, Claim>();
  for (const claim of records.flatMap((record) => claimsOf(record, pkg, cpes))) {
    const earlier = strongest.get(claim.id);
    const order = earlier && compare(earlier.entry.FixedVersion ?? '', claim.entry.FixedVersion ?? '');
    if (!earlier || (order !== undefined && order < 0)) strongest.set(claim.id, claim);
  }
  const installed = binaryVersion(pkg);
  return [...strongest.values()]
    .filter(({ entry }) => !entry.FixedVersion || (compare(installed, entry.FixedVersion) ?? 0) < 0)
    .map((claim) => toHit(pkg, installed, claim));
}

function claimsOf({ id, advisory }: AdvisoryRecord, pkg: Package, cpes: ReadonlySet<number>): Claim[] {
  const aboutCve = id.startsWith('CVE-');
  return (advisory.Entries ?? [])
    .filter((entry) => entry.Affected?.some((cpe) => cpes.has(cpe)) && isForArchitecture(entry, pkg.arch))
    .flatMap((entry) =>
      (entry.Cves ?? []).map(({ ID = '', Severity = 0 }) => ({
        id: aboutCve ? id : ID,
        ...(!aboutCve && { erratum: id }),
        severity: Severity,
        entry,
      })),
    )
    .filter((claim) => claim.id !== '');
}

const isForArchitecture = ({ Arches }: StoredEntry, arch = ''): boolean =>
  !Arches?.length || arch === 'noarch' || Arches.includes(arch);

function toHit(pkg: Package, installed: string, { id, erratum, severity, entry }: Claim): Hit {
  const fixedVersion = entry.FixedVersion || undefined;
  return {
    id,
    package: pkg,
    packageId: pkg.id,
    installedVersion: installed,
    fixedVersion,
    status: statedStatus(entry.Status),
    // Red Hat rates every CVE of its own; "unknown" is its word too.
    severity: { level: isLevel(severity) ? severity : 0, source: 'redhat' },
    vendorIds: fixedVersion && erratum ? [erratum] : undefined,
    dataSource: undefined,
  };
}

/** The CPE indices of a package; read once per distinct build information. */
function productsOf(system: System): (pkg: Package) => ReadonlySet<number> {
  const known = new Map<BuildInfo | undefined, ReadonlySet<number>>();
  const { release } = supportOf(system.distribution, system.os, system.now);
  return (pkg) => {
    let found = known.get(pkg.buildInfo);
    if (!found) known.set(pkg.buildInfo, (found = readProducts(system, pkg.buildInfo, release)));
    noteRepositories(system, pkg, release, found);
    return found;
  };
}

function readProducts({ lookup, advisories }: System, build: BuildInfo | undefined, release: string): Set<number> {
  const assumed = advisories.contentSets;
  const sets = build ? build.contentSets : assumed && Object.hasOwn(assumed, release) ? assumed[release] : undefined;
  const cpes = new Set<number>();
  for (const set of sets ?? [])
    // Mirrors number their copies of a repository: `…-rpms__8`.
    for (const cpe of lookup.redHatCpeIndices('repository', set.replace(/__\d+$/, '')) ?? []) cpes.add(cpe);
  if (build?.nvr)
    for (const cpe of lookup.redHatCpeIndices('nvr', `${build.nvr}-${build.arch ?? ''}`) ?? []) cpes.add(cpe);
  return cpes;
}

function noteRepositories(
  { distribution, notes }: System,
  { name, buildInfo }: Package,
  release: string,
  cpes: ReadonlySet<number>,
): void {
  const system = `${distribution.title} ${release}`;
  if (cpes.size === 0)
    notes.add(
      'match/content-sets-missing',
      `packages of unknown ${distribution.title} repositories (no content sets, none assumed for ${system}) were not assessed`,
      name,
    );
  else if (!buildInfo)
    notes.add(
      'match/content-sets-assumed',
      `packages that do not name their repositories were matched with the default ones of ${system}`,
      name,
    );
}
