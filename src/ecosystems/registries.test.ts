import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemes } from '#versions';
import { distributionOf, distributions } from './distributions.js';
import { aggregatedTargets, aggregatedTypes, ecosystemOf, ecosystems } from './languages.js';

const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort();
const schemeIds = new Set(schemes.map(({ id }) => id));

test('ids are unique and registries alphabetical', () => {
  for (const ids of [ecosystems.map(({ id }) => id), distributions.map(({ id }) => id)]) {
    assert.deepEqual(ids, sorted(ids));
    assert.equal(new Set(ids).size, ids.length);
  }
});

test('every application type belongs to one ecosystem and no distribution', () => {
  const types = ecosystems.flatMap((ecosystem) => ecosystem.types);
  assert.equal(new Set(types).size, types.length);
  for (const ecosystem of ecosystems) {
    assert.deepEqual(ecosystem.types, sorted(ecosystem.types));
    for (const type of ecosystem.types) {
      assert.equal(ecosystemOf(type)?.id, ecosystem.id);
      assert.equal(distributionOf(type), undefined);
    }
    for (const type of Object.keys(ecosystem.aggregated ?? {})) assert.ok(ecosystem.types.includes(type));
  }
});

test('an ecosystem with advisories has a scheme, and both exist or neither', () => {
  for (const { id, advisories, scheme, rebuilds } of ecosystems) {
    assert.equal(advisories === undefined, scheme === undefined, id);
    if (advisories) assert.match(advisories, /^[a-z0-9]+::$/);
    for (const named of [scheme, rebuilds?.scheme]) if (named) assert.ok(schemeIds.has(named));
  }
});

test('ends of life are days, and schemes of distributions exist', () => {
  for (const { id, endOfLife, advisories } of distributions) {
    for (const day of Object.values(endOfLife === 'never' ? {} : endOfLife))
      assert.equal(new Date(day).toISOString().slice(0, 10), day, id);
    if (advisories) assert.ok(schemeIds.has(advisories.scheme));
  }
});

test('targets of aggregated types', () => {
  assert.deepEqual([...aggregatedTargets].sort(), [
    ['conda-pkg', 'Conda'],
    ['gemspec', 'Ruby'],
    ['jar', 'Java'],
    ['kubernetes', 'Kubernetes'],
    ['node-pkg', 'Node.js'],
    ['python-pkg', 'Python'],
  ]);
  assert.deepEqual([...aggregatedTypes], [...aggregatedTargets.keys()]);
});

for (const [family, id] of [
  ['sles', 'sles'],
  ['suse linux enterprise server', 'sles'],
  ['SUSE Linux Enterprise Micro', 'slem'],
  ['opensuse.leap', 'opensuse-leap'],
  ['opensuse.tumbleweed', 'opensuse-tumbleweed'],
  ['amazon linux', 'amazon'],
  ['debian gnu/linux', 'debian'],
  ['__proto__', undefined],
  ['none', undefined],
] as const)
  test(`family ${family} is ${id}`, () => assert.equal(distributionOf(family)?.id, id));
