import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { nodePkg } from './node-pkg.js';

const licenses: readonly (readonly [string, readonly string[] | undefined])[] = [
  ['"MIT"', ['MIT']],
  ['"(MIT OR Apache-2.0)"', ['(MIT OR Apache-2.0)']],
  ['{"type":"ISC","url":"x"}', ['ISC']],
  ['[{"type":"A"},{"type":"B"}]', ['A', 'B']],
  ['["MIT"]', undefined],
  ['""', undefined],
  ['42', undefined],
  ['{"__proto__":{"type":"X"}}', undefined],
];

for (const [license, expected] of licenses) {
  test(`license ${license}`, async () => {
    const path = 'app/node_modules/@s/a/package.json';
    const text = `{"name":"@s/a","version":"1.0.0","license":${license}}`;
    const { applications } = await extractTree(nodePkg, { [path]: text });
    const [pkg] = applications[0]!.packages;
    assert.deepEqual([pkg!.id, pkg!.path, pkg!.licenses], ['@s/a@1.0.0', path, expected]);
  });
}

test('manifests without name or version are no packages', async () => {
  for (const text of [
    '{}',
    '{"name":"a"}',
    '{"version":"1"}',
    '{"name":"","version":"1"}',
    '{"name":"a","version":1}',
  ]) {
    assert.deepEqual((await extractTree(nodePkg, { 'package.json': text })).applications, []);
  }
});

test('refuses what is no manifest', async () => {
  for (const text of [
    '',
    '[]',
    '"a"',
    '{"name" "a"}',
    '{"name":"a b","version":"1"}',
    `{"name":"${'a'.repeat(215)}"}`,
  ]) {
    await assert.rejects(extractTree(nodePkg, { 'package.json': text }), FormatError, text);
  }
});

test('damaged manifests', async () => {
  await assertSurvivesDamage(nodePkg, 'package.json', {
    'package.json': '{"name":"a","version":"1.0","license":[{"type":"X"}]}',
  });
});
