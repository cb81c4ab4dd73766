import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { meetsRequirement } from './cargo-requirement.js';

/** Requirement, versions within, versions outside. */
const vectors: readonly (readonly [string, string, string])[] = [
  ['1.2.3', '1.2.3 1.9.0 1.2.3+b', '1.2.2 2.0.0 1.3.0-rc.1'],
  ['^0.2.3', '0.2.3 0.2.9', '0.3.0 0.2.2'],
  ['0.0.3', '0.0.3', '0.0.4 0.0.2'],
  ['^0.0', '0.0.0 0.0.9', '0.1.0'],
  ['0', '0.0.1 0.9.9', '1.0.0'],
  ['~1.2.3', '1.2.3 1.2.9', '1.3.0'],
  ['~1.2', '1.2.0', '1.3.0 1.1.9'],
  ['~1', '1.0.0 1.9.9', '2.0.0'],
  ['*', '0.0.0 9.9.9', '1.0.0-rc.1'],
  ['1.*', '1.0.0 1.9.9', '2.0.0 0.9.9'],
  ['=1.2.3', '1.2.3', '1.2.4'],
  ['=1.2', '1.2.0 1.2.9', '1.3.0'],
  ['> 1.2', '1.3.0', '1.2.9'],
  ['>1.2.3', '1.2.4', '1.2.3'],
  ['>= 1.2, < 1.5', '1.2.0 1.4.9', '1.5.0 1.1.0'],
  ['<=1.2', '1.2.9', '1.3.0'],
  ['<=1.2.3', '1.2.3', '1.2.4'],
  ['1.0.0-beta.2', '1.0.0-beta.2 1.0.0-rc.1 1.4.0', '1.0.0-beta.1 1.1.0-beta.2'],
  ['', '', '1.0.0'],
  ['latest', '', '1.0.0'],
  ['1.2.3.4', '', '1.2.3'],
  ['1', '', 'one 1 1.0 v1.0.0'],
];

for (const [requirement, within, outside] of vectors) {
  test(`requirement ${JSON.stringify(requirement)}`, () => {
    for (const version of within.split(' ').filter(Boolean))
      assert.equal(meetsRequirement(version, requirement), true, version);
    for (const version of outside.split(' ').filter(Boolean))
      assert.equal(meetsRequirement(version, requirement), false, version);
  });
}

test('any text is an answer', () => {
  const text = fc
    .array(fc.constantFrom('1', '0', '.', '*', '^', '~', '>', '=', '-', ',', 'a', ' '))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (version, requirement) => typeof meetsRequirement(version, requirement) === 'boolean'),
  );
});
