import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compact } from '#base';
import type { Package } from '#model';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { npmLock } from './npm-lock.js';

const paths = `{
  "lockfileVersion": 3,
  "packages": {
    "": {
      "workspaces": ["apps/*"],
      "dependencies": { "left": "^1.0.0", "bar": "npm:real@2" },
      "devDependencies": { "tool": "*" }
    },
    "node_modules/left": { "version": "1.1.0", "license": "MIT",
      "dependencies": { "deep": "*", "absent": "*" } },
    "node_modules/left/node_modules/deep": { "version": "0.1.0", "dev": true },
    "node_modules/deep": { "version": "0.2.0", "license": { "type": "ISC" } },
    "node_modules/bar": { "name": "real", "version": "2.0.0", "peerDependencies": { "deep": "*" } },
    "node_modules/tool": { "version": "3.0.0", "dev": true },
    "node_modules/tool/node_modules/deep": {
      "version": "0.1.0"
    },
    "node_modules/web": { "resolved": "apps/web", "link": true },
    "apps/web": { "version": "9.0.0", "dependencies": { "deep": "*" } },
    "apps/web/node_modules/deep": { "version": "0.3.0" },
    "apps/webby": { "version": "9.9.9" },
    "node_modules/gone": { "resolved": "", "link": true },
    "node_modules/bare": {}
  }
}`;

const nested = `{
  "lockfileVersion": 1,
  "dependencies": {
    "left": { "version": "1.1.0",
      "requires": { "deep": "*", "right": "*" },
      "dependencies": {
        "deep": { "version": "0.1.0", "requires": { "right": "*" } }
      } },
    "deep": { "version": "0.2.0", "dev": true },
    "right": { "version": "5.0.0" },
    "foo": { "version": "npm:@s/real@7.0.0" }
  }
}`;

function strip({ id, licenses, dev, relationship, dependsOn, locations }: Package): [string, Partial<Package>] {
  return [id!, compact({ licenses, dev, relationship, dependsOn, locations })];
}

test('versions 2 and 3: paths, links, aliases and merged copies', async () => {
  const { applications } = await extractTree(npmLock, { 'web/package-lock.json': paths });
  assert.equal(applications[0]!.path, 'web/package-lock.json');
  const packages = new Map(applications[0]!.packages.map(strip));
  assert.deepEqual(Object.fromEntries(packages), {
    'left@1.1.0': {
      licenses: ['MIT'],
      relationship: 'direct',
      dependsOn: ['deep@0.1.0'],
      locations: [{ start: 9, end: 10 }],
    },
    'deep@0.1.0': {
      relationship: 'indirect',
      locations: [
        { start: 11, end: 11 },
        { start: 15, end: 17 },
      ],
    },
    'deep@0.2.0': { licenses: ['ISC'], relationship: 'indirect', locations: [{ start: 12, end: 12 }] },
    'real@2.0.0': { relationship: 'direct', dependsOn: ['deep@0.2.0'], locations: [{ start: 13, end: 13 }] },
    'tool@3.0.0': { dev: true, relationship: 'direct', locations: [{ start: 14, end: 14 }] },
    'web@9.0.0': { relationship: 'direct', dependsOn: ['deep@0.3.0'], locations: [{ start: 19, end: 19 }] },
    'deep@0.3.0': { relationship: 'indirect', locations: [{ start: 20, end: 20 }] },
  });
});

test('version 1: scopes, aliases, no relationship', async () => {
  const { applications } = await extractTree(npmLock, { 'package-lock.json': nested });
  assert.deepEqual(
    applications[0]!.packages.map(({ id, dev, dependsOn, relationship }) => [id, dev, dependsOn, relationship]),
    [
      ['left@1.1.0', undefined, ['deep@0.1.0', 'right@5.0.0'], undefined],
      ['deep@0.1.0', undefined, ['right@5.0.0'], undefined],
      ['deep@0.2.0', true, undefined, undefined],
      ['right@5.0.0', undefined, undefined, undefined],
      ['@s/real@7.0.0', undefined, undefined, undefined],
    ],
  );
});

test('missing licenses come from installed manifests of the same version', async () => {
  const { applications } = await extractTree(npmLock, {
    'a/package-lock.json': nested,
    'a/node_modules/right/package.json': '{"name":"right","version":"5.0.0","license":"MIT"}',
    'a/node_modules/deep/package.json': '{"name":"deep","version":"0.9.9","license":"MIT"}',
    'a/node_modules/left/node_modules/deep/package.json': '{"name":"deep","version":"0.1.0","license":"ISC"}',
    'a/node_modules/left/package.json': '{broken',
    'node_modules/foo/package.json': '{"name":"@s/real","version":"7.0.0","license":"X"}',
  });
  const licenses = applications[0]!.packages.flatMap(({ id, licenses: l }) => (l ? [[id, ...l]] : []));
  assert.deepEqual(licenses, [
    ['deep@0.1.0', 'ISC'],
    ['right@5.0.0', 'MIT'],
  ]);
});

test('lock files inside installed packages are not the project', () => {
  for (const [path, accepted] of [
    ['package-lock.json', true],
    ['a/package-lock.json', true],
    ['node_modules/a/package-lock.json', false],
    ['a/node_modules/b/package-lock.json', false],
  ] as const) {
    assert.equal(npmLock.accepts({ path, size: 1, mode: 0 }), accepted);
  }
});

test('damaged lock files', async () => {
  await assertSurvivesDamage(npmLock, 'package-lock.json', { 'package-lock.json': paths });
  await assertSurvivesDamage(npmLock, 'package-lock.json', { 'package-lock.json': nested });
});
