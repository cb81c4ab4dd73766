import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { depsJson } from './deps-json.js';

const deps = `{
  "runtimeTarget": { "name": "net8" },
  "targets": { "other": {}, "net8": {
    "App/1.0.0": { "dependencies": { "Lib": "1.0.0", "Left": "1.1.0", "CompileOnly": "1.0.0" }, "runtime": { "App.dll": {} } },
    "Lib/1.0.0": { "dependencies": { "Right": "2.0.0" }, "runtime": { "Lib.dll": {} } },
    "Left/1.1.0": { "native": { "left.so": {} } },
    "Right/2.0.0": { "runtimeTargets": { "right.dll": {} } },
    "CompileOnly/1.0.0": {}
  } },
  "libraries": {
    "App/1.0.0": { "type": "project" },
    "Lib/1.0.0": { "type": "project" },
    "Left/1.1.0": { "type": "package",
      "sha512": "" },
    "Right/2.0.0": { "type": "Package" },
    "CompileOnly/1.0.0": { "type": "package" },
    "runtimepack.Core/8.0.0": { "type": "runtimepack" },
    "Ref/1.0.0": { "type": "reference" },
    "odd": { "type": "package" }
  }
}`;

test('libraries that run, related to the only root', async () => {
  const { applications } = await extractTree(depsJson, { 'app/App.deps.json': deps });
  assert.deepEqual(
    applications[0]!.packages.map(({ id, name, relationship, dependsOn, locations }) => [
      id,
      name,
      relationship,
      dependsOn,
      locations![0],
    ]),
    [
      ['App/1.0.0', 'App', 'root', ['Left/1.1.0', 'Lib/1.0.0'], { start: 11, end: 11 }],
      ['Lib/1.0.0', 'Lib', 'workspace', ['Right/2.0.0'], { start: 12, end: 12 }],
      ['Left/1.1.0', 'Left', 'direct', undefined, { start: 13, end: 14 }],
      ['Right/2.0.0', 'Right', 'indirect', undefined, { start: 15, end: 15 }],
      ['Core/8.0.0', 'Core', 'indirect', undefined, { start: 17, end: 17 }],
    ],
  );
});

test('without one root or without a target, relationships are unknown', async () => {
  const two = deps.replace('"Lib": "1.0.0", ', '');
  const [ambiguous] = (await extractTree(depsJson, { 'a.deps.json': two })).applications;
  assert.deepEqual(new Set(ambiguous!.packages.map((p) => p.relationship)), new Set([undefined]));
  const [targetless] = (await extractTree(depsJson, { 'a.deps.json': deps.replace('"net8": {\n', '"net9": {\n') }))
    .applications;
  assert.deepEqual(new Set(targetless!.packages.map((p) => p.relationship)), new Set([undefined]));
  assert.ok(targetless!.packages.some((p) => p.name === 'CompileOnly'));
});

test('refuses what is no object', async () => {
  await assert.rejects(extractTree(depsJson, { 'a.deps.json': '[]' }), FormatError);
});

test('damaged files', () => assertSurvivesDamage(depsJson, 'a.deps.json', { 'a.deps.json': deps }));
