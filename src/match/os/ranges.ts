/**
 * Matches packages with advisories that state ranges (`>=1.2-r0, <1.3-r2`), as suppliers of rebuilt packages publish them.
 * Affected when one of the ranges admits the version, or when there is no range at all.
 */
import type { AdvisoryRecord, DataSource, Package } from '#model';
import { scheme } from '#versions';
import { statedSeverity, type Hit } from '../hit.js';
import { binaryVersion } from './package-version.js';
import type { System } from './system.js';

export interface RangeFeed {
  /** Under which name the severities that the feed states are shown. */
  severitySource(source: DataSource): string | undefined;
  /** Which fixes a finding shows: all that the advisory lists, or those that end the admitting range. */
  readonly fixes: 'all' | 'of-range';
}

export function matchRanges(
  system: System,
  pkg: Package,
  compared: string,
  records: readonly AdvisoryRecord[],
  feed: RangeFeed,
): Hit[] {
  const { satisfies, valid } = scheme(system.advisories.scheme);
  const decidable = valid(compared);
  const hits: Hit[] = [];
  for (const record of records) {
    const ranges = record.advisory.VulnerableVersions ?? [];
    const verdicts = ranges.map((range) => (decidable ? satisfies(compared, range) : undefined));
    const admitting = ranges[verdicts.indexOf(true)];
    if (ranges.length === 0 || admitting !== undefined) hits.push(toHit(pkg, record, admitting, feed));
    else if (!decidable) noteVersion(system, pkg, compared);
    else if (verdicts.includes(undefined)) noteAdvisory(system, record);
  }
  return hits;
}

function toHit(pkg: Package, record: AdvisoryRecord, admitting: string | undefined, feed: RangeFeed): Hit {
  const listed = record.advisory.PatchedVersions ?? [];
  const ending = feed.fixes === 'of-range' && admitting !== undefined ? listed.filter(endsRange(admitting)) : [];
  const { id, source, advisory } = record;
  return {
    id,
    package: pkg,
    packageId: pkg.id,
    installedVersion: binaryVersion(pkg),
    fixedVersion: (ending.length > 0 ? ending : listed).join(', ') || undefined,
    status: undefined,
    severity: statedSeverity(advisory.Severity, source && feed.severitySource(source)),
    vendorIds: undefined,
    dataSource: source,
  };
}

const endsRange = (range: string): ((version: string) => boolean) => {
  const ends = new Set(range.split(/[\s,]+/).filter((bound) => bound.startsWith('<')));
  return (version) => ends.has(`<${version}`);
};

function noteVersion({ advisories, notes }: System, pkg: Package, compared: string): void {
  notes.add(
    'match/undetermined-version',
    `packages whose version is not a valid ${advisories.scheme} version were not assessed`,
    `${pkg.name} ${compared}`,
  );
}

function noteAdvisory({ advisories, notes }: System, record: AdvisoryRecord): void {
  notes.add(
    'match/undetermined-advisory',
    `advisories whose range is not of ${advisories.scheme} versions were not assessed`,
    record.id,
  );
}
