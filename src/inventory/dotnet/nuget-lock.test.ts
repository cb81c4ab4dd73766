import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { nugetLock } from './nuget-lock.js';

const lock = `\uFEFF{
  "version": 2,
  "dependencies": {
    "net6.0": {
      "Left": { "type": "Transitive", "resolved": "1.1.0", "dependencies": { "Right": "2.0.0", "Absent": "1.0.0" } },
      "Right": { "type": "Transitive", "resolved": "2.0.0" },
      "mine": { "type": "Project", "dependencies": { "Left": "1.0.0" } }
    },
    "net8.0": {
      "Left": { "type": "Direct", "requested": "[1.1.0, )",
        "resolved": "1.1.0", "dependencies": { "Right": "3.0.0" } },
      "Right": { "type": "CentralTransitive", "resolved": "3.0.0" }
    }
  }
}`;

test('frameworks are merged', async () => {
  const { applications } = await extractTree(nugetLock, { 'a/packages.lock.json': lock });
  const base = { analyzedBy: 'nuget' };
  assert.deepEqual(applications[0]!.packages, [
    {
      id: 'Left@1.1.0',
      name: 'Left',
      version: '1.1.0',
      relationship: 'direct',
      dependsOn: ['Absent', 'Right@2.0.0', 'Right@3.0.0'],
      locations: [
        { start: 5, end: 5 },
        { start: 10, end: 11 },
      ],
      ...base,
    },
    {
      id: 'Right@2.0.0',
      name: 'Right',
      version: '2.0.0',
      relationship: 'indirect',
      locations: [{ start: 6, end: 6 }],
      ...base,
    },
    {
      id: 'Right@3.0.0',
      name: 'Right',
      version: '3.0.0',
      relationship: 'indirect',
      locations: [{ start: 12, end: 12 }],
      ...base,
    },
  ]);
});

test('refuses what is no lock file', async () => {
  for (const text of ['', '{"version":1', '[]']) {
    await assert.rejects(extractTree(nugetLock, { 'packages.lock.json': text }), FormatError);
  }
});

test('damaged lock files', () => assertSurvivesDamage(nugetLock, 'packages.lock.json', { 'packages.lock.json': lock }));
