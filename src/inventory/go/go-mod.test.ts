import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { goMod } from './go-mod.js';

const modern = `module "example.com/app" // the app

go 1.22

toolchain go1.22.3-custom

require (
	example.com/a v1.0.0
	example.com/b v1.0.0 // indirect; see issue
	example.com/c v1.0.0
	example.com/d v1.0.0+incompatible // direct
)
require example.com/e v0.0.0-20240101000000-abcdefabcdef // indirect

exclude example.com/a v0.9.0
retract [v1.0.0, v1.1.0]
replace (
	example.com/b => example.com/fork/b v1.2.0
	example.com/c v1.0.0 => ./c
	example.com/d v9.9.9 => ../d
)
`;
const old = `module example.com/app
go 1.16
require example.com/a v1.0.0
require example.com/b v1.0.0 // indirect
`;
const sums = `example.com/a v1.0.0 h1:x
example.com/a v1.1.0/go.mod h1:x
example.com/b v1.0.0 h1:x
example.com/b v1.2.0/go.mod h1:x
`;

const rows = async (tree: Record<string, string>, detection: 'precise' | 'comprehensive' = 'precise') =>
  (await extractTree(goMod, tree, { includeDev: false, detection })).applications[0]?.packages.map(
    ({ id, relationship }) => `${id} ${relationship}`,
  );

const current = [
  'example.com/app root',
  'example.com/a@v1.0.0 direct',
  'example.com/d@v1.0.0+incompatible direct',
  'example.com/e@v0.0.0-20240101000000-abcdefabcdef indirect',
  'example.com/fork/b@v1.2.0 indirect',
];

test('requirements with replacements', async () => {
  assert.deepEqual(await rows({ 'go.mod': modern, 'go.sum': sums }), current);
});

test('the toolchain counts with comprehensive detection', async () => {
  assert.deepEqual(await rows({ 'go.mod': modern }, 'comprehensive'), [...current, 'stdlib@v1.22.3 direct']);
  assert.deepEqual(await rows({ 'go.mod': 'module a\ngo 1.21\n' }, 'comprehensive'), ['a root', 'stdlib@v1.21 direct']);
  assert.deepEqual(await rows({ 'go.mod': 'module a\ngo 1.20\n' }, 'comprehensive'), ['a root']);
});

test('before Go 1.17 the sums name what is not direct', async () => {
  assert.deepEqual(await rows({ 'x/go.mod': old, 'x/go.sum': sums }), [
    'example.com/app root',
    'example.com/a@v1.0.0 direct',
    'example.com/b@v1.2.0 indirect',
  ]);
});

test('the root depends on all of them', async () => {
  const { applications } = await extractTree(goMod, { 'go.mod': old });
  assert.deepEqual(applications[0]?.packages[0]?.dependsOn, ['example.com/a@v1.0.0']);
});

test('licenses of vendored modules', async () => {
  const license = 'This is free and unencumbered software released into the public domain.';
  const tree = {
    'x/go.mod': old,
    'x/vendor/example.com/a/LICENSE': license,
    'x/vendor/example.com/a/b/LICENSE': license,
  };
  const { applications } = await extractTree(goMod, tree);
  assert.deepEqual(
    applications[0]?.packages.map(({ licenses }) => licenses),
    [undefined, ['Unlicense']],
  );
});

test('lines that are no directives are diagnostics', async () => {
  const { reports } = await extractTree(goMod, { 'go.mod': 'module a\nfoo b\nrequire c\nreplace d e\nmodule\n' });
  assert.deepEqual(reports, ['invalid-line', 'invalid-line', 'invalid-line', 'invalid-line']);
});

test('damaged files', () => assertSurvivesDamage(goMod, 'go.mod', { 'go.mod': modern, 'go.sum': sums }));
