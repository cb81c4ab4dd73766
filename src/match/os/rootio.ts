/**
 * Root.io's patched packages, told by `.root.io` in a Debian or Ubuntu version and by `-rN007M` in an Alpine one.
 * The distribution's advisories stay valid, except where Root.io has its own word on the same id.
 * Source  https://docs.root.io
 */
import { releaseOf } from '#ecosystems';
import type { AdvisoryRecord, Package } from '#model';
import type { Hit } from '../hit.js';
import { binaryVersion, sourceVersion } from './package-version.js';
import { matchRanges, type RangeFeed } from './ranges.js';
import type { Supplier } from './supplier.js';
import type { System } from './system.js';

const rebuilt = new Map<string, RegExp>([
  ['alpine', /-r\d007\d/],
  ['debian', /\.root\.io/],
  ['ubuntu', /\.root\.io/],
]);

const feed: RangeFeed = { severitySource: ({ id }) => id, fixes: 'all' };

export const rootio: Supplier = {
  id: 'rootio',
  supplies: ({ id }, _, packages) => {
    const mark = rebuilt.get(id);
    return mark !== undefined && packages.some((pkg) => mark.test(binaryVersion(pkg)));
  },
  covers: (pkg) => pkg.origin !== 'third-party',
  match: (system, packages) => packages.flatMap((pkg) => matchPackage(system, pkg)),
};

function matchPackage(system: System, pkg: Package): Hit[] {
  const { distribution, lookup, os } = system;
  const name = pkg.source?.name || pkg.name;
  const release = releaseOf(distribution.id === 'debian' ? 'major' : 'minor', os.name);
  const records = new Map(
    lookup.advisories(`${distribution.id} ${release}`, name).map((record) => [record.id, asRange(record)]),
  );
  for (const record of lookup.advisories(`root.io ${distribution.id} ${release}`, name)) records.set(record.id, record);
  return matchRanges(system, pkg, sourceVersion(pkg), [...records.values()], feed);
}

function asRange(record: AdvisoryRecord): AdvisoryRecord {
  const { FixedVersion, ...rest } = record.advisory;
  if (!FixedVersion) return record;
  return {
    ...record,
    advisory: { ...rest, VulnerableVersions: [`<${FixedVersion}`], PatchedVersions: [FixedVersion] },
  };
}
