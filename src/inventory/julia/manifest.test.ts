import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import type { Package } from '#model';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { juliaManifest } from './manifest.js';

const two = `julia_version = "1.11.0"
manifest_format = "2.0"

[[deps.Left]]
deps = ["Right", "Absent"]
uuid = "l"
version = "1.1.0"

[[deps.Right]]
uuid = "r"

    [deps.Right.extensions]
    Ext = "Twin"

[[deps.Tool]]
uuid = "t"
version = "9.0.0"
    [deps.Tool.deps]
    Twin = "w2"
    Right = "r"

[[deps.Twin]]
uuid = "w1"
[[deps.Twin]]
uuid = "w2"
version = "2.0.0"
`;
const one = '[[Left]]\nuuid = "l"\ndeps = ["Right"]\n\n[[Right]]\nuuid = "r"\n';
const project = '[deps]\nLeft = "l"\nGone = "g"\n\n[extras]\nTool = "t"\n';

const brief = ({ id, name, version, relationship, dev, dependsOn, locations }: Package): unknown[] => [
  id,
  name,
  version,
  relationship,
  dev,
  dependsOn,
  [locations![0]!.start, locations![0]!.end],
];

test('format 2', async () => {
  const { applications } = await extractTree(juliaManifest, { 'a/Manifest.toml': two, 'a/Project.toml': project });
  assert.deepEqual(applications[0]!.packages.map(brief), [
    ['l', 'Left', '1.1.0', 'direct', undefined, ['r'], [4, 7]],
    ['r', 'Right', '1.11.0', 'indirect', undefined, undefined, [9, 10]],
    ['t', 'Tool', '9.0.0', 'direct', true, ['r', 'w2'], [15, 17]],
    ['w2', 'Twin', '2.0.0', 'indirect', true, undefined, [24, 26]],
  ]);
});

test('format 1', async () => {
  const { applications } = await extractTree(juliaManifest, { 'Manifest.toml': one, 'Project.toml': project });
  assert.deepEqual(applications[0]!.packages.map(brief), [
    ['l', 'Left', 'unknown', 'direct', undefined, ['r'], [1, 3]],
    ['r', 'Right', 'unknown', 'indirect', undefined, undefined, [5, 6]],
  ]);
});

test('without a readable project nothing is used, which is reported', async () => {
  assert.deepEqual(await extractTree(juliaManifest, { 'Manifest.toml': two }), {
    applications: [],
    reports: ['project-missing'],
  });
  assert.deepEqual(await extractTree(juliaManifest, { 'Manifest.toml': '', 'x/Project.toml': '' }), {
    applications: [],
    reports: [],
  });
  assert.deepEqual(await extractTree(juliaManifest, { 'Manifest.toml': two, 'Project.toml': '[' }), {
    applications: [],
    reports: ['project-unreadable'],
  });
  await assert.rejects(extractTree(juliaManifest, { 'Manifest.toml': '[[' }), FormatError);
});

test('damaged files', async () => {
  const tree = { 'Manifest.toml': two, 'Project.toml': project };
  await assertSurvivesDamage(juliaManifest, 'Manifest.toml', tree);
  await assertSurvivesDamage(juliaManifest, 'Project.toml', tree);
});
