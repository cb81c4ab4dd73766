import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compileGlob } from '#base';
import { createPathIndex } from './path-index.js';

const patterns = [
  'lib/apk/db/installed',
  '**/package-lock.json',
  '**/*.jar',
  '**/*gradle.lockfile',
  'var/lib/dpkg/status.d/*',
  'usr/share/doc/*/copyright',
  '**/specifications/**/*.gemspec',
  '**/*.dist-info/METADATA',
];
const index = createPathIndex(patterns.map((pattern) => ({ pattern, value: pattern })));

for (const [path, expected] of [
  ['lib/apk/db/installed', ['lib/apk/db/installed']],
  ['x/lib/apk/db/installed', []],
  ['package-lock.json', ['**/package-lock.json']],
  ['a/b/package-lock.json', ['**/package-lock.json']],
  ['a/xpackage-lock.json', []],
  ['a/b.jar', ['**/*.jar']],
  ['a/b.JAR', []],
  ['buildscript-gradle.lockfile', ['**/*gradle.lockfile']],
  ['var/lib/dpkg/status.d/base', ['var/lib/dpkg/status.d/*']],
  ['var/lib/dpkg/status.d/a/b', []],
  ['usr/share/doc/bash/copyright', ['usr/share/doc/*/copyright']],
  ['usr/lib/specifications/x/a.gemspec', ['**/specifications/**/*.gemspec']],
  ['a/b-1.dist-info/METADATA', ['**/*.dist-info/METADATA']],
  ['', []],
] as const) {
  test(`patterns of ${path || 'an empty path'}`, () => assert.deepEqual(index.match(path), expected));
}

test('case-insensitive patterns match any case, and each value comes once', () => {
  const both = createPathIndex([
    { pattern: '**/*.jar', ignoreCase: true, value: 'jar' },
    { pattern: '**/a.jar', value: 'jar' },
  ]);
  assert.deepEqual(both.match('x/A.JAR'), ['jar']);
  assert.deepEqual(both.match('x/a.jar'), ['jar']);
});

test('the index agrees with trying every glob', () => {
  const segment = fc.constantFrom(
    'lib',
    'usr',
    'share',
    'doc',
    'copyright',
    'a.jar',
    'status.d',
    'x.gemspec',
    'specifications',
    'var',
    'dpkg',
    'METADATA',
    'b.dist-info',
  );
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), (segments) => {
      const path = segments.join('/');
      assert.deepEqual(new Set(index.match(path)), new Set(patterns.filter((p) => compileGlob(p).test(path))));
    }),
  );
});
