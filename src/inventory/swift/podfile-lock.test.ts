import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { podfileLock } from './podfile-lock.js';

const lock = `PODS:
  - Left (1.10)
  - Right/Core (2.0.0.rc1):
    - Left (~> 1.0)
    - "Tool/NSData+zlib"
    - Absent
  - "Tool/NSData+zlib (9.0.0)":
    - Left
  - Bare

DEPENDENCIES:
  - Right/Core (from \`../right\`)

COCOAPODS: 1.16.0
`;

test('pods and subspecs', async () => {
  const { applications } = await extractTree(podfileLock, { 'ios/Podfile.lock': lock });
  assert.deepEqual(applications[0]!.packages, [
    { id: 'Left@1.10', name: 'Left', version: '1.10', analyzedBy: 'cocoapods' },
    {
      id: 'Right/Core@2.0.0.rc1',
      name: 'Right/Core',
      version: '2.0.0.rc1',
      dependsOn: ['Left@1.10', 'Tool/NSData+zlib@9.0.0'],
      analyzedBy: 'cocoapods',
    },
    {
      id: 'Tool/NSData+zlib@9.0.0',
      name: 'Tool/NSData+zlib',
      version: '9.0.0',
      dependsOn: ['Left@1.10'],
      analyzedBy: 'cocoapods',
    },
  ]);
});

test('refuses what is no table', async () => {
  for (const text of ['', 'PODS: {', '- a'])
    await assert.rejects(extractTree(podfileLock, { 'Podfile.lock': text }), FormatError);
});

test('damaged files', () => assertSurvivesDamage(podfileLock, 'Podfile.lock', { 'Podfile.lock': lock }));
