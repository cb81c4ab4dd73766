import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { coordinatesOf, licensesOf, parseManifest } from './manifest.js';

const tables = [
  ['Implementation-Vendor-Id: a\nBundle-SymbolicName: b.c.d', { group: 'a' }],
  ['Bundle-SymbolicName: b.c.d;singleton:=true\nImplementation-Vendor: v', { group: 'b.c' }],
  ['Bundle-SymbolicName: single', { group: 'single' }],
  ['Implementation-Vendor: v\nSpecification-Vendor: s', { group: 'v' }],
  ['Implementation-Title: %title\nSpecification-Title: t\nBundle-Name: b', { artifact: 't' }],
  ['Specification-Version: 1\nImplementation-Version: 2\nBundle-Version: 3', { version: '2' }],
  ['Bundle-Version: 3\n\nName: a/b/\nImplementation-Version: 2', { version: '2' }],
  ['Implementation-Version: 1\n\nName: a/b/\nImplementation-Version: 2', { version: '1' }],
] as const;

for (const [text, expected] of tables)
  test(JSON.stringify(text), () => assert.deepEqual(coordinatesOf(parseManifest(text)), expected));

test('licenses', () => {
  for (const [value, expected] of [
    ['Apache-2.0;link="https://x/"', ['Apache-2.0']],
    ['<<EXTERNAL>>', []],
    ['https://example.com/unknown', []],
    ['"https://opensource.org/licenses/MIT"', ['MIT']],
  ] as const)
    assert.deepEqual(licensesOf(parseManifest(`Bundle-License: ${value}\n`)), expected);
  assert.deepEqual(licensesOf(parseManifest('Plugin-License-Name: MIT License\n')), ['MIT']);
});

test('any text is read', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const parsed = parseManifest(`Bundle-License: ${text}`);
      coordinatesOf(parsed);
      licensesOf(parsed);
    }),
  );
});
