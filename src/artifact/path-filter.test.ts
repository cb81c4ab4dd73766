import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PratiqueError } from '#base';
import { createPathFilter } from './path-filter.js';

test('patterns are matched against whole paths', () => {
  const cases: [string, string, boolean][] = [
    ['a/b', 'a/b', true],
    ['/a/b', 'a/b', true],
    ['./a//b/', 'a/b', true],
    ['b', 'a/b', false],
    ['**/b', 'a/b', true],
    ['*', 'a/b', false],
    ['**/*.lock', 'x.lock', true],
    ['a/{b,c}', 'a/c', true],
  ];
  for (const [pattern, path, skipped] of cases) {
    assert.equal(createPathFilter({ skipFiles: [pattern] }).skipsFile(path), skipped, `${pattern} ${path}`);
  }
});

test('everything below a skipped directory is skipped, with or without an entry for it', () => {
  const filter = createPathFilter({ skipDirs: ['app', '**/sub*'] });
  for (const path of ['app/x', 'app/deep/er/x', 'a/subway/b/c', 'sub/x']) assert.ok(filter.skipsFile(path), path);
  for (const path of ['app', 'apps/x', 'a/app/x', 'subfile']) assert.ok(!filter.skipsFile(path), path);
  assert.ok(filter.skipsDirectory('app/deep'));
});

const filter = (skipDirs: string[], root = 'project', cwd = '/work') =>
  createPathFilter({ skipDirs, directory: { root, cwd } });

test('in directories, patterns that lie inside the root from here are taken relative to it', () => {
  const cases: [ReturnType<typeof filter>, string, boolean][] = [
    [filter(['./project/sub']), 'sub/x', true],
    [filter(['/work/project/sub']), 'sub/x', true],
    [filter(['sub']), 'sub/x', true],
    [filter(['**/sub*'], '.'), 'a/sub1/x', true],
    [filter(['/elsewhere/sub']), 'elsewhere/sub/x', true],
    [filter(['/elsewhere/sub']), 'sub/x', false],
    [filter([]), 'a/.git/config', true],
    [filter([]), 'proc/1/exe', true],
    [filter([]), 'a/proc/x', false],
  ];
  for (const [made, path, skipped] of cases) assert.equal(made.skipsFile(path), skipped, path);
  assert.ok(!createPathFilter({}).skipsFile('proc/x'), 'layers of images have no built-in skips');
});

test('a broken pattern is the user’s to mend', () => {
  assert.throws(
    () => createPathFilter({ skipFiles: ['a[b'] }),
    (error) => error instanceof PratiqueError && error.code === 'usage/invalid',
  );
});
