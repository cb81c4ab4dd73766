import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import type { Package } from '#model';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { pnpmLock } from './pnpm-lock.js';

const five = `lockfileVersion: 5.4
dependencies:
  left: 1.10.0_right@2.0.0
  alias: /real/3.0.0
devDependencies:
  tool: 9.0.0
packages:
  /left/1.10.0_right@2.0.0:
    dependencies: {right: 2.0.0, '@s/deep': 0.1.0}
    optionalDependencies: {bolt: 1.0.0}
    dev: false
  /right/2.0.0: {dev: false}
  /@s/deep/0.1.0: {dev: false}
  /bolt/1.0.0: {dev: false, optional: true}
  /real/3.0.0: {dev: false}
  /tool/9.0.0: {dev: true}
  registry.example.org/other/1.0.0: {dev: false}
  github.com/x/fork/0123abc:
    name: fork
    version: 4.0.0
    dev: false
  file:odd: {dev: false}
`;

const six = `lockfileVersion: '6.0'
importers:
  .:
    dependencies:
      left:
        specifier: ^1.0.0
        version: 1.1.0(right@2.0.0)
  web:
    dependencies:
      self: {specifier: workspace, version: 'link:..'}
packages:
  /left@1.1.0(right@2.0.0):
    dependencies: {right: 2.0.0}
  /left@1.1.0(right@3.0.0):
    dependencies: {right: 3.0.0}
  /right@2.0.0: {}
  /right@3.0.0: {dev: true}
`;

const nine = `lockfileVersion: '9.0'
packages: {pnpm@11.0.0: {}}
snapshots: {pnpm@11.0.0: {}}
---
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      left: {specifier: ^1, version: 1.1.0(right@2.0.0)}
      dir: {specifier: 'file:dir', version: 'file:dir'}
    devDependencies:
      tool: {specifier: '*', version: 9.0.0}
  web:
    optionalDependencies:
      bolt: {specifier: '*', version: 1.0.0}
packages:
  left@1.1.0: {}
  dir@file:dir: {version: 0.0.1}
  '@s/deep@https://example.org/deep.tgz': {}
snapshots:
  left@1.1.0(right@2.0.0):
    dependencies: {right: 2.0.0, alias: real@3.0.0}
  right@2.0.0: {}
  real@3.0.0: {}
  dir@file:dir: {}
  bolt@1.0.0: {}
  tool@9.0.0:
    dependencies: {right: 2.0.0, '@s/deep': 'https://example.org/deep.tgz'}
  '@s/deep@https://example.org/deep.tgz': {}
  odd: {}
`;

const brief = ({ id, version, relationship, dev, dependsOn }: Package): unknown[] => [
  id,
  version,
  relationship,
  dev,
  dependsOn,
];

const vectors: readonly (readonly [string, string, readonly unknown[]])[] = [
  [
    'version 5',
    five,
    [
      ['left@1.10.0', '1.10.0', 'direct', undefined, ['@s/deep@0.1.0', 'bolt@1.0.0', 'right@2.0.0']],
      ['right@2.0.0', '2.0.0', 'indirect', undefined, undefined],
      ['@s/deep@0.1.0', '0.1.0', 'indirect', undefined, undefined],
      ['bolt@1.0.0', '1.0.0', 'indirect', undefined, undefined],
      ['real@3.0.0', '3.0.0', 'direct', undefined, undefined],
      ['other@1.0.0', '1.0.0', 'indirect', undefined, undefined],
      ['fork@4.0.0', '4.0.0', 'indirect', undefined, undefined],
    ],
  ],
  [
    'version 6',
    six,
    [
      ['left@1.1.0', '1.1.0', 'direct', undefined, ['right@2.0.0', 'right@3.0.0']],
      ['right@2.0.0', '2.0.0', 'indirect', undefined, undefined],
    ],
  ],
  [
    'version 9',
    nine,
    [
      ['left@1.1.0(right@2.0.0)', '1.1.0', 'direct', undefined, ['real@3.0.0', 'right@2.0.0']],
      ['right@2.0.0', '2.0.0', 'indirect', undefined, undefined],
      ['real@3.0.0', '3.0.0', 'indirect', undefined, undefined],
      ['dir@file:dir', '0.0.1', 'direct', undefined, undefined],
      ['bolt@1.0.0', '1.0.0', 'direct', undefined, undefined],
      ['tool@9.0.0', '9.0.0', 'direct', true, ['@s/deep@https://example.org/deep.tgz', 'right@2.0.0']],
      ['@s/deep@https://example.org/deep.tgz', '', 'indirect', true, undefined],
    ],
  ],
];

for (const [title, text, expected] of vectors) {
  test(title, async () => {
    const { applications } = await extractTree(pnpmLock, { 'pnpm-lock.yaml': text });
    assert.deepEqual(applications[0]!.packages.map(brief), expected);
  });
  test(`${title}, damaged`, () => assertSurvivesDamage(pnpmLock, 'pnpm-lock.yaml', { 'pnpm-lock.yaml': text }));
}

test('refuses what is no table', async () => {
  for (const text of ['', 'a: [b\n', '- a\n', 'text']) {
    await assert.rejects(extractTree(pnpmLock, { 'pnpm-lock.yaml': text }), FormatError, text);
  }
});
