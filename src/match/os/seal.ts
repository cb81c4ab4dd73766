/**
 * Seal Security's rebuilt packages, named `seal-…`: only the supplier's advisories speak of them.
 * All other packages of such a system are matched as the distribution's.
 * Source  https://docs.sealsecurity.io
 */
import type { Package } from '#model';
import type { Hit } from '../hit.js';
import { matchDistribution } from './match-distribution.js';
import { sourceVersion } from './package-version.js';
import { matchRanges, type RangeFeed } from './ranges.js';
import type { Supplier } from './supplier.js';
import type { System } from './system.js';

const feed: RangeFeed = { severitySource: ({ baseId }) => baseId, fixes: 'of-range' };

const buckets = new Map<string, string>([
  ['alpine', 'seal alpine'],
  ['cbl-mariner', 'seal Red Hat'],
  ['centos', 'seal Red Hat'],
  ['debian', 'seal debian'],
  ['oracle', 'seal Red Hat'],
  ['redhat', 'seal Red Hat'],
  ['ubuntu', 'seal debian'],
]);

export const seal: Supplier = {
  id: 'seal',
  supplies: ({ id }, _, packages) => buckets.has(id) && packages.some(isSealed),
  covers: (pkg) => isSealed(pkg) || pkg.origin !== 'third-party',
  match: (system, packages) => {
    const { repository: _, ...ordinary } = system;
    return [
      ...matchDistribution(
        ordinary,
        packages.filter((pkg) => !isSealed(pkg)),
      ),
      ...packages.filter(isSealed).flatMap((pkg) => matchSealed(system, pkg)),
    ];
  },
};

function matchSealed(system: System, pkg: Package): Hit[] {
  const bucket = buckets.get(system.distribution.id) ?? '';
  const release = bucket === 'seal Red Hat' ? enterpriseRelease(pkg) : '';
  const records = system.lookup.advisories(release ? `${bucket} ${release}` : bucket, pkg.source?.name || pkg.name);
  return matchRanges(system, pkg, sourceVersion(pkg), records, feed);
}

/** `9` of release `3.el9_2+sp1`. */
function enterpriseRelease({ source, release }: Package): string {
  const text = (source?.name ? source.release : release) ?? '';
  return /el([^_+]*)/.exec(text)?.[1] ?? '';
}

const isSealed = ({ name, source }: Package): boolean =>
  name.toLowerCase().startsWith('seal-') || source?.name.toLowerCase().startsWith('seal-') === true;
