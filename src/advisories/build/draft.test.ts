import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { StoredAdvisory } from '#model';
import { scheme } from '#versions';
import { Draft } from './draft.js';

function merged(...advisories: readonly StoredAdvisory[]): StoredAdvisory | undefined {
  const draft = new Draft();
  for (const advisory of advisories)
    assert.equal(
      draft.addAdvisory({ kind: 'advisory', bucket: 'b', package: 'p', id: 'CVE-1', advisory }, 'deb'),
      undefined,
    );
  return draft.buckets.get('b')?.get('p')?.get('CVE-1');
}

const cases: readonly (readonly [StoredAdvisory, StoredAdvisory, StoredAdvisory])[] = [
  [{ FixedVersion: '1.0-2' }, { FixedVersion: '1.0-10' }, { FixedVersion: '1.0-10' }],
  [{ FixedVersion: '1.0-10' }, { FixedVersion: '1.0-2' }, { FixedVersion: '1.0-10' }],
  [{ Status: 2 }, { FixedVersion: '1' }, { Status: 2, FixedVersion: '1' }],
  [{ FixedVersion: '0' }, { FixedVersion: '1-r0' }, { FixedVersion: '1-r0' }],
  [
    { FixedVersion: '1', VendorIDs: ['DSA-2'] },
    { FixedVersion: '1', VendorIDs: ['DSA-1', 'DSA-2'] },
    { FixedVersion: '1', VendorIDs: ['DSA-2', 'DSA-1'] },
  ],
  [{ VulnerableVersions: ['<1'] }, { VulnerableVersions: ['<2', '<1'] }, { VulnerableVersions: ['<1', '<2'] }],
  [
    { VulnerableVersions: ['<1'], OSes: ['windows'] },
    { VulnerableVersions: ['<1'], OSes: ['linux'] },
    { VulnerableVersions: ['<1'], OSes: ['linux', 'windows'] },
  ],
  [{ VulnerableVersions: ['<1'], OSes: ['windows'] }, { VulnerableVersions: ['<1'] }, { VulnerableVersions: ['<1'] }],
];

test('two statements about the same thing become one that covers both', () => {
  for (const [a, b, both] of cases) assert.deepEqual(merged(a, b), both);
});

test('the highest fix counts, whatever the order', () => {
  const version = fc.constantFrom('1', '1.0-1', '1.0-1+deb11u1', '1:0.5', '1.0~rc1', '2', '10');
  fc.assert(
    fc.property(fc.array(version, { minLength: 1, maxLength: 5 }), (versions) => {
      const fix = merged(...versions.map((FixedVersion) => ({ FixedVersion })))?.FixedVersion ?? '';
      assert.ok(versions.every((other) => scheme('deb').compare(other, fix)! <= 0));
    }),
  );
});

test('names that cannot be keys are refused; those of prototypes are names like others', () => {
  const draft = new Draft();
  const add = (name: string, id: string) =>
    draft.addAdvisory({ kind: 'advisory', bucket: 'b', package: name, id, advisory: {} }, undefined);
  for (const [name, id] of [
    ['', 'CVE-1'],
    ['p', ''],
    ['p'.repeat(2000), 'CVE-1'],
  ] as const)
    assert.match(add(name, id) ?? '', /cannot|can be stored/);
  assert.equal(add('__proto__', 'constructor'), undefined);
  assert.deepEqual([...(draft.buckets.get('b')?.keys() ?? [])], ['__proto__']);
});

test('details: first weaknesses and dates, all ratings, rejected by anyone', () => {
  const draft = new Draft();
  draft.addDetails({ kind: 'details', id: 'CVE-1', ratings: [{ provider: 'cna', vectors: ['a'] }], published: '1' });
  draft.addDetails({ kind: 'details', id: 'CVE-1', ratings: [{ provider: 'cna', vectors: ['b'], scores: [5] }] });
  draft.addDetails({ kind: 'details', id: 'CVE-1', weaknesses: ['CWE-1'], published: '2', rejected: true });
  draft.addDetails({ kind: 'details', id: 'CVE-1', weaknesses: ['CWE-2'] });
  assert.deepEqual(draft.details.get('CVE-1'), {
    rejected: true,
    published: '1',
    weaknesses: ['CWE-1'],
    ratings: new Map([['cna', { provider: 'cna', vectors: ['a', 'b'], scores: [5] }]]),
  });
});
