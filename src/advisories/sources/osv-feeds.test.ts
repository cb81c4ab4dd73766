/** The sources in the OSV format: Go, PyPA, Bitnami. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { bitnami } from './bitnami.js';
import { govulndb } from './govulndb.js';
import { pypa } from './pypa.js';
import { advisoriesOf, assertSurvivesDamage, detailsOf, readFeed, remarksOf } from './read-feed.test.kit.js';

const range = (...events: readonly object[]) => ({ type: 'SEMVER', events });
const module = (name: string, ranges: readonly object[], specific?: object) => ({
  package: { name, ecosystem: 'Go' },
  ranges,
  ecosystem_specific: specific,
});
const goEntry = {
  id: 'GO-2099-0001',
  modified: '0001-01-01T00:00:00Z',
  published: '2098-01-01T00:00:00Z',
  aliases: ['GHSA-aaaa-bbbb-cccc', 'CVE-2099-0001', 'CVE-2099-0002'],
  summary: 'prose that is not kept',
  affected: [
    module('stdlib', [range({ introduced: '0' }, { fixed: '1.20.1' })], {
      imports: [
        { path: 'a', goos: ['windows', 'plan9'], goarch: ['386'] },
        { path: 'b', goos: ['windows'] },
      ],
    }),
    module('example.org/Open', [range({ introduced: '0' })]),
    module('example.org/custom', [range({ introduced: '0' })], {
      custom_ranges: [range({ introduced: '0' }, { fixed: '3.1.0' })],
    }),
    module('example.org/both', [range({ introduced: '0' }, { fixed: '1.1.0' })], {
      custom_ranges: [range({ introduced: '9' })],
    }),
  ],
};
const go = { 'data/osv/GO-2099-0001.json': JSON.stringify(goEntry), 'data/osv/README.md': 'x' };

test('Go: modules with their own names; ranges of repositories where those of the module have no end', async () => {
  const statements = await readFeed(govulndb, go);
  const vendorIds = ['GO-2099-0001', 'GHSA-aaaa-bbbb-cccc', 'CVE-2099-0002'];
  const bucket = 'go::The Go Vulnerability Database';
  assert.deepEqual(advisoriesOf(statements), {
    [`${bucket}/stdlib CVE-2099-0001`]: {
      VulnerableVersions: ['<1.20.1'],
      VendorIDs: vendorIds,
      OSes: ['plan9', 'windows'],
    },
    [`${bucket}/example.org/Open CVE-2099-0001`]: { VulnerableVersions: ['>=0.0.0-0'], VendorIDs: vendorIds },
    [`${bucket}/example.org/custom CVE-2099-0001`]: { VulnerableVersions: ['<3.1.0'], VendorIDs: vendorIds },
    [`${bucket}/example.org/both CVE-2099-0001`]: { VulnerableVersions: ['<1.1.0'], VendorIDs: vendorIds },
  });
  assert.deepEqual(
    statements.filter(({ kind }) => kind !== 'advisory'),
    [],
  );
});

const pypaEntry = `id: PYSEC-2099-7
modified: 2099-02-03T00:00:00.5Z
published: "2099-02-01T00:00:00Z"
aliases: [GHSA-dddd-eeee-ffff]
details: prose that is not kept
severity:
- type: CVSS_V3
  score: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H
affected:
- package: {ecosystem: PyPI, name: Some_Package}
  ranges:
  - type: GIT
    events: [{introduced: "0"}, {fixed: abcdef}]
  - type: ECOSYSTEM
    events: [{introduced: "0"}, {fixed: 1.10}]
  versions: ["1.9", "1.10", "2.0rc1", not-a-version]
- package: {ecosystem: PyPI, name: listed}
  versions: ["0.5"]
- package: {ecosystem: PyPI, name: odd}
  ranges:
  - type: ECOSYSTEM
    events: [{introduced: "0"}, {fixed: 2019-09-12}]
- package: {ecosystem: PyPI, name: odd-in-part}
  ranges:
  - type: ECOSYSTEM
    events: [{introduced: "0"}, {fixed: 2019-09-12}]
  - type: ECOSYSTEM
    events: [{introduced: "3"}]
- package: {ecosystem: npm, name: other}
- package: {ecosystem: PyPI, name: nothing}
`;

test('PyPA: ranges, versions beyond them, and what cannot be decided', async () => {
  const statements = await readFeed(pypa, { 'vulns/some-package/PYSEC-2099-7.yaml': pypaEntry });
  const bucket = 'pip::Python Packaging Advisory Database';
  const VendorIDs = ['GHSA-dddd-eeee-ffff'];
  assert.deepEqual(advisoriesOf(statements), {
    [`${bucket}/some-package PYSEC-2099-7`]: { VulnerableVersions: ['<1.10', '=1.10', '=2.0rc1'], VendorIDs },
    [`${bucket}/listed PYSEC-2099-7`]: { VulnerableVersions: ['=0.5'], VendorIDs },
    [`${bucket}/odd PYSEC-2099-7`]: { VulnerableVersions: ['<2019-09-12'], VendorIDs },
    [`${bucket}/odd-in-part PYSEC-2099-7`]: { VulnerableVersions: ['>=3'], VendorIDs },
  });
  assert.deepEqual(remarksOf(statements), [
    'PYSEC-2099-7: odd: the range <2019-09-12 cannot be decided',
    'PYSEC-2099-7: odd-in-part: the range <2019-09-12 cannot be decided',
    'ecosystem npm',
    'PYSEC-2099-7: nothing: no versions',
  ]);
  assert.deepEqual(detailsOf(statements), [
    {
      kind: 'details',
      id: 'PYSEC-2099-7',
      ratings: [{ provider: 'pypa', vectors: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'] }],
    },
  ]);
  assert.deepEqual(
    statements.flatMap((s) => (s.kind === 'dated' ? [s.date] : [])),
    ['2099-02-01T00:00:00Z', '2099-02-03T00:00:00.5Z'],
  );
});

const bitnamiEntry = {
  id: 'BIT-shop-2099-5',
  aliases: ['CVE-2099-5555'],
  affected: [
    {
      package: { ecosystem: 'Bitnami', name: 'Shop' },
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }],
      ranges: [range({ introduced: '2020.1.1' }, { last_affected: '2020.3.4-5' })],
    },
  ],
  database_specific: { severity: 'High' },
};

test('Bitnami: vectors of packages count', async () => {
  const statements = await readFeed(bitnami, { 'data/shop/BIT-shop-2099-5.json': JSON.stringify(bitnamiEntry) });
  assert.deepEqual(advisoriesOf(statements), {
    'bitnami::Bitnami Vulnerability Database/shop CVE-2099-5555': {
      VulnerableVersions: ['>=2020.1.1, <=2020.3.4-5'],
      VendorIDs: ['BIT-shop-2099-5'],
    },
  });
  assert.deepEqual(detailsOf(statements)[0]?.ratings, [
    { provider: 'bitnami', vectors: ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H'], severity: 'High' },
  ]);
});

test('withdrawn entries are skipped; entries without id or packages are refused', async () => {
  const path = 'data/osv/GO-2099-0001.json';
  const withdrawn = { ...goEntry, withdrawn: '2099-01-01T00:00:00Z' };
  assert.deepEqual(remarksOf(await readFeed(govulndb, { [path]: JSON.stringify(withdrawn) })), ['withdrawn']);
  for (const broken of ['{', '[]', '{"id":"x"}', '{"id":"GO-2099-0001"}', '{"id":"GO-2099-0001","affected":[]}', '""'])
    await assert.rejects(readFeed(govulndb, { [path]: broken }), FormatError, broken);
});

test('damage', async () => {
  await assertSurvivesDamage(govulndb, 'data/osv/GO-2099-0001.json', go);
  await assertSurvivesDamage(pypa, 'PYSEC-2099-7.yaml', { 'PYSEC-2099-7.yaml': pypaEntry });
  await assertSurvivesDamage(bitnami, 'BIT-shop.json', { 'BIT-shop.json': JSON.stringify(bitnamiEntry) });
});
