import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { pubspecLock } from './pubspec-lock.js';

const lock = `packages:
  left:
    dependency: "direct main"
    source: hosted
    version: "1.10"
  over:
    dependency: "direct overridden"
    version: 2.0.0
  right:
    dependency: transitive
    version: "3.0.0"
  bare:
    dependency: transitive
sdks:
  dart: ">=3.0.0 <4.0.0"
`;

test('packages and their relationship', async () => {
  const { applications } = await extractTree(pubspecLock, { 'pubspec.lock': lock });
  assert.deepEqual(
    applications[0]!.packages.map(({ id, relationship, analyzedBy }) => [id, relationship, analyzedBy]),
    [
      ['left@1.10', 'direct', 'pubspec-lock'],
      ['over@2.0.0', 'direct', 'pubspec-lock'],
      ['right@3.0.0', 'indirect', 'pubspec-lock'],
    ],
  );
});

test('refuses what is no table', async () => {
  for (const text of ['', '[this is not a lock]', 'a: [']) {
    await assert.rejects(extractTree(pubspecLock, { 'pubspec.lock': text }), FormatError);
  }
});

test('damaged files', () => assertSurvivesDamage(pubspecLock, 'pubspec.lock', { 'pubspec.lock': lock }));
