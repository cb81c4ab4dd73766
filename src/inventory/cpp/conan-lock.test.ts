import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { conanLock } from './conan-lock.js';

const graph = `{ "graph_lock": { "nodes": {
  "0": { "requires": ["1", "4"], "path": "conanfile.txt" },
  "1": { "ref": "left/1.1.0@user/stable#00",
    "requires": ["2", "9"], "context": "host" },
  "2": { "ref": "right/system" },
  "3": { "ref": "right/system#01", "requires": ["1"] },
  "4": { "ref": "no/good/reference" }
} }, "version": "0.4" }`;
const list = `{
  "version": "0.5",
  "requires": [
    "left/1.1.0#00%1675278904.07",
    "right/2.0", 7, "bad"
  ],
  "build_requires": ["cmake/3.0#00"]
}`;

test('the graph of Conan 1', async () => {
  const { applications, reports } = await extractTree(conanLock, { 'conan.lock': graph });
  const base = { analyzedBy: 'conan-lock' };
  assert.deepEqual(applications[0]!.packages, [
    {
      id: 'left/1.1.0',
      name: 'left',
      version: '1.1.0',
      relationship: 'direct',
      dependsOn: ['right/system'],
      locations: [{ start: 3, end: 4 }],
      ...base,
    },
    {
      id: 'right/system',
      name: 'right',
      version: 'system',
      relationship: 'indirect',
      dependsOn: ['left/1.1.0'],
      locations: [
        { start: 5, end: 5 },
        { start: 6, end: 6 },
      ],
      ...base,
    },
  ]);
  assert.deepEqual(reports, ['unreadable-reference']);
});

test('the list of Conan 2', async () => {
  const { applications, reports } = await extractTree(conanLock, { 'conan.lock': list });
  assert.deepEqual(
    applications[0]!.packages.map(({ id, relationship, locations }) => [id, relationship, locations![0]!.start]),
    [
      ['left/1.1.0', undefined, 4],
      ['right/2.0', undefined, 5],
    ],
  );
  assert.deepEqual(reports, ['unreadable-reference']);
});

test('refuses what is no object', async () => {
  await assert.rejects(extractTree(conanLock, { 'conan.lock': '{' }), FormatError);
});

test('damaged files', async () => {
  await assertSurvivesDamage(conanLock, 'conan.lock', { 'conan.lock': graph });
  await assertSurvivesDamage(conanLock, 'conan.lock', { 'conan.lock': list });
});
