import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesWorkspace } from './workspace-glob.js';

const vectors: readonly (readonly [string, string, boolean])[] = [
  ['packages/*', 'packages/a', true],
  ['packages/*', 'packages/a/b', false],
  ['packages/*', 'packages', false],
  ['./apps/', 'apps', true],
  ['packages/**', 'packages/a/b', true],
  ['**/lib', 'a/b/lib', true],
  ['**', 'a/b', true],
  ['a-*-b', 'a-x-y-b', true],
  ['a-*-b', 'a-b', false],
  ['p?g', 'pkg', true],
  ['p*', 'x', false],
  ['a+b', 'aab', false],
];

for (const [glob, directory, expected] of vectors) {
  test(`${glob} ${expected ? 'takes' : 'leaves'} ${directory}`, () => {
    assert.equal(matchesWorkspace([glob], directory), expected);
  });
}

test('hostile globs end quickly', () => {
  assert.equal(matchesWorkspace([`${'**/'.repeat(90)}x`], Array(90).fill('a').join('/')), false);
  assert.equal(matchesWorkspace([`${'*a'.repeat(2000)}b`], 'a'.repeat(4000)), false);
  assert.equal(matchesWorkspace(['**'], 'a/'.repeat(5000)), false);
});
