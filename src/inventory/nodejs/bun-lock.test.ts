import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { bunLock } from './bun-lock.js';

const lock = `{
  // text format
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "app", "dependencies": { "left": "^1.0.0", "alias": "npm:real@3" }, "devDependencies": { "tool": "*" }, },
    "web": { "name": "web", "version": "0.5.0", "optionalDependencies": { "@s/deep": "*" }, },
  },
  "packages": {
    "left": ["left@1.1.0", "", { "dependencies": { "@s/deep": "*", "right": "*", "absent": "*" } }, "sha512-AA=="],
    "left/@s/deep": ["@s/deep@0.1.0", "", {}, ""],
    "web/@s/deep": ["@s/deep@0.3.0", "", {}, ""],
    "@s/deep": ["@s/deep@0.2.0", "", { "peerDependencies": { "right": "*" } }, ""],
    "alias": ["real@3.0.0", "", {}, ""],
    "right": ["right@2.0.0", "", {},
      ""],
    "tool": ["tool@9.0.0", "", { "dependencies": { "@s/deep": "*", "right": "*" } }, ""],
    "fork": ["fork@github:x/fork#0123abc", {}, "x-fork-0123abc"],
    "web": ["web@workspace:web"],
    "odd": [],
    "worse": "x",
  },
}`;

test('packages, workspaces, nesting, aliases', async () => {
  const { applications } = await extractTree(bunLock, { 'bun.lock': lock });
  assert.deepEqual(
    applications[0]!.packages.map(({ id, name, relationship, dev, dependsOn, locations }) => [
      id,
      name,
      relationship,
      dev,
      dependsOn,
      locations![0]!.start,
    ]),
    [
      ['left@1.1.0', 'left', 'direct', undefined, ['@s/deep@0.1.0', 'right@2.0.0'], 9],
      ['@s/deep@0.1.0', '@s/deep', 'indirect', undefined, undefined, 10],
      ['@s/deep@0.3.0', '@s/deep', 'direct', undefined, undefined, 11],
      ['@s/deep@0.2.0', '@s/deep', 'indirect', true, ['right@2.0.0'], 12],
      ['real@3.0.0', 'real', 'direct', undefined, undefined, 13],
      ['right@2.0.0', 'right', 'indirect', undefined, undefined, 14],
      ['tool@9.0.0', 'tool', 'direct', true, ['@s/deep@0.2.0', 'right@2.0.0'], 16],
      ['fork@github:x/fork#0123abc', 'fork', 'indirect', true, undefined, 17],
      ['web@0.5.0', 'web', 'workspace', undefined, undefined, 18],
    ],
  );
});

test('refuses what is no object', async () => {
  for (const text of ['', '[]', '{"packages":'])
    await assert.rejects(extractTree(bunLock, { 'bun.lock': text }), FormatError);
});

test('damaged lock files', () => assertSurvivesDamage(bunLock, 'bun.lock', { 'bun.lock': lock }));
