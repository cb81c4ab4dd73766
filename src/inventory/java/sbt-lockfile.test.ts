import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { sbtLockfile } from './sbt-lockfile.js';

const lock = `{
  "lockVersion": 1,
  "dependencies": [
    { "org": "g", "name": "a", "version": "1.0", "configurations": ["compile", "test"] },
    { "org": "g", "name": "b", "version": "2.0", "configurations": ["test"] },
    { "org": "g", "configurations": ["runtime"] }
  ]
}
`;

test('dependencies that are needed to run', async () => {
  const { applications } = await extractTree(sbtLockfile, { 'build.sbt.lock': lock });
  assert.deepEqual(applications[0]?.packages, [
    { id: 'g:a:1.0', name: 'g:a', version: '1.0', locations: [{ start: 4, end: 4 }], analyzedBy: 'sbt-lockfile' },
  ]);
});

test('damaged files', () => assertSurvivesDamage(sbtLockfile, 'build.sbt.lock', { 'build.sbt.lock': lock }));
