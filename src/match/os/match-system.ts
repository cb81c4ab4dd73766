/**
 * Matches the packages of an operating system: chooses the supplier or distribution, leaves out what its advisories
 * do not cover, and says what that was. Key packages of rpm (`gpg-pubkey`) are no software.
 */
import { distributionOf, supportOf, type Distribution } from '#ecosystems';
import type { AdvisoryLookup, Inventory, OperatingSystem, Package } from '#model';
import type { Hit } from '../hit.js';
import type { Notes } from '../notes.js';
import { matchDistribution } from './match-distribution.js';
import { rapidfort } from './rapidfort.js';
import { rootio } from './rootio.js';
import { seal } from './seal.js';
import type { Supplier } from './supplier.js';

/** In the order they are tried. */
const suppliers: readonly Supplier[] = [rapidfort, rootio, seal];

export interface SystemHits {
  /** Whether packages of this system can be matched at all. */
  readonly supported: boolean;
  readonly endOfLife: boolean;
  readonly hits: readonly Hit[];
}

const unsupported: SystemHits = { supported: false, endOfLife: false, hits: [] };

export function matchSystem(
  { packages, repository }: Inventory,
  os: OperatingSystem,
  lookup: AdvisoryLookup,
  notes: Notes,
  now: Date,
): SystemHits {
  const distribution = distributionOf(os.family);
  const advisories = distribution?.advisories;
  if (!distribution || !advisories) return noteUnsupported(distribution, os, packages, notes);
  const supplier = suppliers.find((candidate) => candidate.supplies(distribution, os, packages));
  const endOfLife = !supplier && isPastEndOfLife(distribution, os, notes, now);
  const covers = supplier ? supplier.covers : advisories.coversThirdParty ? () => true : isOfficial;
  const software = packages.filter(({ name }) => name !== 'gpg-pubkey');
  for (const pkg of software)
    if (!covers(pkg))
      notes.add(
        'match/third-party',
        `packages of third-party origin were not assessed, since ${distribution.title} does not publish advisories for them`,
        pkg.name,
      );
  const system = { os, distribution, advisories, lookup, notes, now, ...(repository && { repository }) };
  const match = supplier ? supplier.match : matchDistribution;
  return { supported: true, endOfLife, hits: match(system, software.filter(covers)) };
}

const isOfficial = ({ origin }: Package): boolean => origin !== 'third-party';

function noteUnsupported(
  distribution: Distribution | undefined,
  os: OperatingSystem,
  packages: readonly Package[],
  notes: Notes,
): SystemHits {
  const title = `${distribution?.title ?? os.family} ${os.name}`.trim();
  if (packages.length > 0 || (os.family && os.family !== 'none'))
    notes.state(
      'match/unsupported',
      os.family === 'none' || !os.family
        ? `the operating system was not recognised: ${packages.length} packages were not assessed`
        : `no advisories are published for ${title}: ${packages.length} packages were not assessed`,
    );
  return distribution?.listedUnmatched ? { ...unsupported, supported: true } : unsupported;
}

function isPastEndOfLife(distribution: Distribution, os: OperatingSystem, notes: Notes, now: Date): boolean {
  const { release, endOfLife, known } = supportOf(distribution, os, now);
  if (!known)
    notes.state('match/unknown-release', `${distribution.title} ${release} is not a release known to this version`);
  if (endOfLife)
    notes.state(
      'match/end-of-life',
      `${distribution.title} ${release} is past its end of life: new vulnerabilities may have no advisory`,
    );
  return endOfLife;
}
