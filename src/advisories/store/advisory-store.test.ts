import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import { PratiqueError } from '#base';
import { boltBytes, type BoltTree } from '#formats';
import { type AdvisoryStore, openAdvisoryStore } from './advisory-store.js';
import { zeroTime } from './database-metadata.js';
import { writeBolt } from './write-bolt.js';

const folder = mkdtempSync(join(tmpdir(), 'store-'));
after(() => rmSync(folder, { recursive: true }));

const metadata = { version: 2, nextUpdate: zeroTime, updatedAt: zeroTime, downloadedAt: zeroTime };
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const open = (bytes: Uint8Array): AdvisoryStore => openAdvisoryStore({ bytes }, metadata);
const fixed = (version: string): Uint8Array => json({ FixedVersion: version });

const github = 'npm::GitHub Security Advisory npm';
const working = 'npm::Node.js Ecosystem Security Working Group';
const tree: BoltTree = [
  [
    'alpine 3.20',
    [
      ['busybox', [['CVE-2', fixed('1.36-r2')], ['CVE-1', fixed('1.36-r1')]]],
      ['zlib', [['CVE-3', json({ FixedVersion: '1.3', Severity: 3, VendorIDs: ['A'], Later: { x: 1 } })]]],
    ],
  ],
  [github, [['lodash', [['CVE-1', fixed('1')], ['CVE-9', fixed('9')]]]]],
  [working, [['lodash', [['CVE-1', fixed('1w')], ['NSWG-1', fixed('2')]]], ['left-pad', [['NSWG-2', fixed('3')]]]]],
  ['npmx::other', [['lodash', [['CVE-7', fixed('7')]]]]],
  ['data-source', [
    ['alpine 3.20', json({ ID: 'alpine', Name: 'Alpine Secdb', URL: 'https://secdb.alpinelinux.org/' })],
    [github, json({ ID: 'ghsa', Name: 'GitHub', URL: 'https://github.com/advisories', BaseID: 'base' })],
  ]],
  ['Red Hat CPE', [
    ['repository', [['rhel-8-for-x86_64-baseos-rpms', json([7, 9])]]],
    ['nvr', [['ubi8-container-8.1-328-x86_64', json([])]]],
    ['cpe', [['7', json('cpe:/o:redhat:enterprise_linux:8')]]],
  ]],
  ['vulnerability', [['CVE-1', json({ Title: 'One', VendorSeverity: { nvd: 2 }, CVSS: { nvd: { V3Score: 7.5 } } })]]],
]; // prettier-ignore

const path = join(folder, 'trivy.db');
writeBolt(path, tree);
const stores: Readonly<Record<string, () => AdvisoryStore>> = {
  memory: () => open(boltBytes(tree)),
  file: () => openAdvisoryStore({ path }, metadata),
};

for (const [name, make] of Object.entries(stores)) {
  test(`advisories of one bucket, in byte order (${name})`, () => {
    const store = make();
    const source = { id: 'alpine', name: 'Alpine Secdb', url: 'https://secdb.alpinelinux.org/' };
    const bucket = 'alpine 3.20';
    assert.deepEqual(store.advisories(bucket, 'busybox'), [
      { id: 'CVE-1', bucket, source, advisory: { FixedVersion: '1.36-r1' } },
      { id: 'CVE-2', bucket, source, advisory: { FixedVersion: '1.36-r2' } },
    ]);
    assert.deepEqual(store.advisories(bucket, 'zlib')[0]!.advisory, {
      FixedVersion: '1.3',
      Severity: 3,
      VendorIDs: ['A'],
      Later: { x: 1 },
    });
    for (const [b, p] of [
      ['alpine 3.20', 'busy'],
      ['alpine 3.20', ''],
      ['alpine 3.2', 'zlib'],
      ['npm::', 'lodash'],
      ['', ''],
    ] as const)
      // prettier-ignore
      assert.deepEqual(store.advisories(b, p), [], `${b} ${p}`);
    store.close();
  });

  test(`advisories by prefix: a later bucket replaces an earlier one's id (${name})`, () => {
    const store = make();
    const found = store.advisoriesByPrefix('npm::', 'lodash');
    const shown = found.map(({ id, bucket, source, advisory }) => [id, bucket, source?.id, advisory.FixedVersion]);
    assert.deepEqual(shown, [
      ['CVE-1', working, undefined, '1w'],
      ['CVE-9', github, 'ghsa', '9'],
      ['NSWG-1', working, undefined, '2'],
    ]);
    assert.equal(found[1]!.source?.baseId, 'base');
    assert.ok(!('source' in found[0]!));
    assert.equal(store.advisoriesByPrefix('npm::', 'left-pad').length, 1);
    assert.deepEqual(store.advisoriesByPrefix('npm::', 'right-pad'), []);
    assert.deepEqual(store.advisoriesByPrefix('pip::', 'lodash'), []);
    store.close();
  });

  test(`details, indices and buckets (${name})`, () => {
    const store = make();
    assert.deepEqual(store.vulnerability('CVE-1'), {
      Title: 'One',
      VendorSeverity: { nvd: 2 },
      CVSS: { nvd: { V3Score: 7.5 } },
    });
    assert.equal(store.vulnerability('CVE-2'), undefined);
    assert.deepEqual(store.redHatCpeIndices('repository', 'rhel-8-for-x86_64-baseos-rpms'), [7, 9]);
    assert.deepEqual(store.redHatCpeIndices('nvr', 'ubi8-container-8.1-328-x86_64'), []);
    assert.equal(store.redHatCpeIndices('nvr', 'other'), undefined);
    assert.deepEqual([store.hasBucket('alpine 3.20'), store.hasBucket('alpine')], [true, false]);
    assert.deepEqual([store.hasPrefix('npm::'), store.hasPrefix('pip::')], [true, false]);
    assert.deepEqual(store.buckets(), ['Red Hat CPE', 'alpine 3.20', 'data-source', github, working, 'npmx::other', 'vulnerability']); // prettier-ignore
    store.verify();
    assert.ok(store.stats.pagesRead > 0 && store.stats.pageSize === 4096 && store.stats.size % 4096 === 0);
    store.close();
    store.close();
    assert.throws(() => store.advisories('alpine 3.20', 'zlib'), /closed/);
  });
}

test('a database without the optional buckets answers with nothing', () => {
  const store = open(boltBytes([['alpine 3.20', [['zlib', [['CVE-1', json({})]]]]]]));
  assert.deepEqual(store.advisories('alpine 3.20', 'zlib'), [{ id: 'CVE-1', bucket: 'alpine 3.20', advisory: {} }]);
  assert.equal(store.vulnerability('CVE-1'), undefined);
  assert.equal(store.redHatCpeIndices('nvr', 'x'), undefined);
  assert.deepEqual(open(boltBytes([])).buckets(), []);
});

/** Each value, as the advisory `CVE-1` of package `p` in bucket `b`, and what the error says after naming the place. */
const unfit: readonly (readonly [string, RegExp])[] = [
  ['', /not valid JSON/],
  ['{"FixedVersion":"1"', /not valid JSON/],
  ['[]', /not an object/],
  ['null', /not an object/],
  ['{"FixedVersion":1}', /\.FixedVersion is not a string/],
  ['{"VendorIDs":["a",2]}', /\.VendorIDs\[\] is not a string/],
  ['{"Severity":1.5}', /\.Severity is not an integer/],
  ['{"Entries":[{"Cves":[{"ID":{}}]}]}', /\.Entries\[\]\.Cves\[\]\.ID is not a string/],
  ['['.repeat(100_000), /not valid JSON/],
];
for (const [value, message] of unfit)
  test(`an advisory that reads ${value.slice(0, 40) || 'nothing'} is damage`, () => {
    const store = open(boltBytes([['b', [['p', [['CVE-1', Buffer.from(value)]]]]]]));
    assert.throws(
      () => store.advisories('b', 'p'),
      (error: unknown) => {
        assert.ok(error instanceof PratiqueError && error.code === 'db/corrupt');
        assert.match(error.message, /bucket b, package p: key CVE-1: /);
        assert.match(error.message, message);
        return true;
      },
    );
  });

test('null fields count as absent, odd names are only names', () => {
  const value = Buffer.from('{"FixedVersion":null,"Severity":2,"__proto__":{"Status":3}}');
  const store = open(boltBytes([['b', [['__proto__', [['constructor', value]]]]]]));
  const [record] = store.advisories('b', '__proto__');
  assert.deepEqual([record!.id, record!.advisory.Status, record!.advisory.Severity], ['constructor', undefined, 2]);
  assert.ok(!('FixedVersion' in record!.advisory));
  assert.deepEqual(store.advisories('constructor', 'b'), []);
});

const misplaced: readonly (readonly [string, BoltTree, (store: AdvisoryStore) => unknown])[] = [
  ['a package that is a value', [['b', [['p', json({})]]]], (s) => s.advisories('b', 'p')],
  ['an advisory that is a bucket', [['b', [['p', [['CVE-1', []]]]]]], (s) => s.advisories('b', 'p')],
  ['a root that is a value', [['b', json({})]], (s) => s.buckets()],
  ['details that are a bucket', [['vulnerability', [['CVE-1', []]]]], (s) => s.vulnerability('CVE-1')],
  ['indices that are words', [['Red Hat CPE', [['nvr', [['n', json(['x'])]]]]]], (s) => s.redHatCpeIndices('nvr', 'n')],
  ['a source that is a list', [['b', [['p', [['C', json({})]]]]], ['data-source', [['b', json([])]]]], (s) => s.advisories('b', 'p')], // prettier-ignore
];
for (const [name, bad, look] of misplaced)
  test(`${name} is damage`, () => {
    assert.throws(() => look(open(boltBytes(bad))), { code: 'db/corrupt' });
  });

test('what cannot be opened says why', () => {
  assert.throws(() => openAdvisoryStore({ path: join(folder, 'none.db') }, metadata), { code: 'db/missing' });
  assert.throws(() => openAdvisoryStore({ path: folder }, metadata), { code: 'file/unreadable' });
  const cut = join(folder, 'cut.db');
  writeFileSync(cut, readFileSync(path).subarray(0, -4096));
  assert.throws(() => openAdvisoryStore({ path: cut }, metadata), {
    code: 'db/corrupt',
    message: /cut\.db.*truncated/,
  });
  writeFileSync(cut, '');
  assert.throws(() => openAdvisoryStore({ path: cut }, metadata), { code: 'db/corrupt' });
  for (const version of [0, 1, 3])
    assert.throws(() => openAdvisoryStore({ path }, { ...metadata, version }), { code: 'db/unsupported-schema' });
});

test('a failed writing leaves the old database and no other file', () => {
  const before = readFileSync(path);
  const failing: BoltTree = [['a', [['b', json({})]]], ['a', []]]; // prettier-ignore
  assert.throws(() => writeBolt(path, failing), /there twice/);
  assert.deepEqual(readFileSync(path), before);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('.')),
    [],
  );
  assert.throws(() => writeBolt(join(path, 'below.db'), tree), PratiqueError);
});

test('a file is what the writer makes in memory', () => {
  const large: BoltTree = [['large', [['a', new Uint8Array(2_500_000)], ['b', json(1)]]], ['small', []]]; // prettier-ignore
  const file = join(folder, 'new', 'large.db');
  writeBolt(file, large, { pageSize: 1024 });
  assert.ok(readFileSync(file).equals(boltBytes(large, { pageSize: 1024 })));
});

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 });
const advisories = fc.dictionary(name, fc.string(), { maxKeys: 5 });
const content = fc.dictionary(name, fc.dictionary(name, advisories, { maxKeys: 5 }), { maxKeys: 6 });
const treeOf = (
  buckets: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>,
): BoltTree =>
  Object.entries(buckets).map(([bucket, packages]) => [
    `eco::${bucket}`,
    Object.entries(packages).map(
      ([pkg, ids]) => [pkg, Object.entries(ids).map(([id, v]) => [id, fixed(v)] as const)] as const,
    ),
  ]);
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

test('look-ups answer what was written, in byte order', () => {
  fc.assert(
    fc.property(content, (buckets) => {
      const store = open(boltBytes(treeOf(buckets)));
      const sorted = Object.keys(buckets).sort(byBytes);
      for (const pkg of new Set(sorted.flatMap((bucket) => Object.keys(buckets[bucket]!)))) {
        const expected = new Map<string, string>();
        for (const bucket of sorted)
          for (const [id, v] of Object.entries(buckets[bucket]![pkg] ?? {})) expected.set(id, v);
        assert.deepEqual(
          store.advisoriesByPrefix('eco::', pkg).map(({ id, advisory }) => [id, advisory.FixedVersion]),
          [...expected].sort(([a], [b]) => byBytes(a, b)),
        );
      }
    }),
    { numRuns: 100 },
  );
});

test('a damaged database gives an answer or `db/corrupt`', () => {
  const bytes = boltBytes(tree, { pageSize: 1024 });
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(bytes.length), (changes, length) => {
      const damaged = bytes.slice(0, length % 4 === 0 ? length : bytes.length);
      for (const [at, byte] of changes) if (at < damaged.length) damaged[at] = byte;
      try {
        const store = open(damaged);
        store.advisories('alpine 3.20', 'busybox');
        store.advisoriesByPrefix('npm::', 'lodash');
        store.vulnerability('CVE-1');
        store.redHatCpeIndices('repository', 'rhel-8-for-x86_64-baseos-rpms');
        store.verify();
      } catch (error) {
        assert.ok(error instanceof PratiqueError && error.code === 'db/corrupt', String(error));
      }
    }),
    { numRuns: 500 },
  );
});
