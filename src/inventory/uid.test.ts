import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Package } from '#model';
import { packageUid } from './uid.js';

const base: Package = { id: 'a@1', name: 'a', version: '1', analyzedBy: 'npm' };

test('the hash of a package is what the reference computes', () => {
  // Computed with the hashing library that the format is named for, over a structure of these fields.
  const pod = {
    id: '_NIODataStructures@2.41.0',
    name: '_NIODataStructures',
    version: '2.41.0',
    analyzedBy: 'cocoapods',
  };
  assert.equal(packageUid(pod, 'Podfile.lock'), '2292b92e4e573949');
});

for (const [title, other] of [
  ['name', { ...base, name: 'b' }],
  ['version', { ...base, version: '2' }],
  ['relationship', { ...base, relationship: 'direct' }],
  ['licenses', { ...base, licenses: ['MIT'] }],
  ['order of licenses', { ...base, licenses: ['MIT', 'ISC'] }],
  ['locations', { ...base, locations: [{ start: 1, end: 2 }] }],
  ['epoch', { ...base, epoch: 1 }],
  ['text beyond ASCII', { ...base, name: 'ä' }],
] as const satisfies readonly (readonly [string, Package])[]) {
  test(`it depends on ${title}`, () => assert.notEqual(packageUid(other, ''), packageUid(base, '')));
}

test('it is stable, depends on the path, and blank fields do not count', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (name, path) => {
      const pkg = { ...base, name };
      assert.equal(packageUid(pkg, path), packageUid({ ...pkg, arch: '', licenses: [], dev: false }, path));
      assert.match(packageUid(pkg, path), /^[0-9a-f]{1,16}$/);
    }),
  );
  assert.notEqual(packageUid(base, 'a'), packageUid(base, 'b'));
});
