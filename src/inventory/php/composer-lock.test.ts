import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { composerLock } from './composer-lock.js';
import { composerVendor } from './composer-vendor.js';

const packages = `[
  { "name": "acme/left", "version": "1.1.0",
    "require": { "php": ">=8", "acme/right": "^2", "ext-json": "*" },
    "license": ["MIT"] },
  { "name": "acme/right", "version": "v2.0.0", "license": ["MIT or GPL-2.0 or later", "A, B"] },
  { "name": "acme/odd" }
]`;
const lock = `{ "packages": ${packages},
  "packages-dev": [
    { "name": "acme/tool", "version": "9.0.0", "require": { "acme/left": "*" }, "license": "BSD-3-Clause AND MIT" }
  ] }`;

test('locked packages, with composer.json', async () => {
  const { applications } = await extractTree(composerLock, {
    'a/composer.lock': lock,
    'a/composer.json': '{ "require": { "acme/left": "^1" }, "require-dev": { "acme/tool": "*" } }',
  });
  assert.deepEqual(applications[0]!.packages, [
    {
      id: 'acme/left@1.1.0',
      name: 'acme/left',
      version: '1.1.0',
      licenses: ['MIT'],
      dependsOn: ['acme/right@v2.0.0'],
      locations: [{ start: 2, end: 4 }],
      analyzedBy: 'composer',
      relationship: 'direct',
    },
    {
      id: 'acme/right@v2.0.0',
      name: 'acme/right',
      version: 'v2.0.0',
      licenses: ['MIT', 'GPL-2.0 or later', 'A', 'B'],
      locations: [{ start: 5, end: 5 }],
      analyzedBy: 'composer',
      relationship: 'indirect',
    },
    {
      id: 'acme/tool@9.0.0',
      name: 'acme/tool',
      version: '9.0.0',
      licenses: ['BSD-3-Clause AND MIT'],
      dev: true,
      dependsOn: ['acme/left@1.1.0'],
      locations: [{ start: 9, end: 9 }],
      analyzedBy: 'composer',
      relationship: 'direct',
    },
  ]);
});

test('without a readable composer.json there is no relationship', async () => {
  for (const manifest of [undefined, '{']) {
    const tree = { 'composer.lock': lock, ...(manifest && { 'composer.json': manifest }) };
    const { applications, reports } = await extractTree(composerLock, tree);
    assert.deepEqual(new Set(applications[0]!.packages.map((p) => p.relationship)), new Set([undefined]));
    assert.deepEqual(reports, manifest ? ['manifest-unreadable'] : []);
  }
});

test('installed packages of Composer 1 and 2', async () => {
  for (const text of [packages, `{"packages":${packages},"dev":true}`]) {
    const { applications } = await extractTree(composerVendor, { 'app/vendor/composer/installed.json': text });
    assert.deepEqual(
      applications[0]!.packages.map(({ id, locations, analyzedBy }) => [id, locations![0], analyzedBy]),
      [
        ['acme/left@1.1.0', { start: 2, end: 4 }, 'composer-vendor'],
        ['acme/right@v2.0.0', { start: 5, end: 5 }, 'composer-vendor'],
      ],
    );
  }
});

test('refuses what is no Composer file', async () => {
  await assert.rejects(extractTree(composerLock, { 'composer.lock': '{' }), FormatError);
  await assert.rejects(extractTree(composerLock, { 'composer.lock': '[]' }), FormatError);
  await assert.rejects(extractTree(composerVendor, { 'installed.json': '"x"' }), FormatError);
  assert.equal(composerLock.accepts({ path: 'vendor/a/b/composer.lock', size: 1, mode: 0 }), false);
});

test('damaged files', async () => {
  await assertSurvivesDamage(composerLock, 'composer.lock', { 'composer.lock': lock });
  await assertSurvivesDamage(composerVendor, 'installed.json', { 'installed.json': packages });
});
