import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { gradleLockfile } from './gradle-lockfile.js';

const lock = `# comment
g:a:1.0=compileClasspath,testRuntimeClasspath
g:b:2.0=testCompileClasspath,testRuntimeClasspath
empty=annotationProcessor
`;

test('locked dependencies with their lines', async () => {
  const { applications } = await extractTree(gradleLockfile, {
    'gradle.lockfile': lock,
    'buildscript-gradle.lockfile': '',
  });
  assert.deepEqual(applications[1]?.packages, [
    { id: 'g:a:1.0', name: 'g:a', version: '1.0', locations: [{ start: 2, end: 2 }], analyzedBy: 'gradle-lockfile' },
    {
      id: 'g:b:2.0',
      name: 'g:b',
      version: '2.0',
      dev: true,
      locations: [{ start: 3, end: 3 }],
      analyzedBy: 'gradle-lockfile',
    },
  ]);
});

test('damaged files', () => assertSurvivesDamage(gradleLockfile, 'gradle.lockfile', { 'gradle.lockfile': lock }));
