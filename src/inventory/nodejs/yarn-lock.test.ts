import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { makeZip } from '#formats/fakes';
import { assertSurvivesDamage, extractTree, namesOf } from '../extract-tree.test.kit.js';
import { yarnLock } from './yarn-lock.js';

const classic = `# yarn lockfile v1

"@s/left@^1.0.0", "@s/left@>= 1 < 2":
  version "1.2.0"
  resolved "https://registry.yarnpkg.com/@s/left/-/left-1.2.0.tgz#00"
  dependencies:
    "@s/deep" "*"
    right "~2.0.0"

"@s/deep@*":
  version "0.1.0"


"alias@npm:real@^3.0.0":
  version "3.1.0"

right@~2.0.0:
  version "2.0.5"

tool@^9.0.0:
  version "9.0.0"
  dependencies:
    right "~2.0.0"
    hammer "1"

hammer@1:
  version "1.0.0"

stray@1:
  version "1.0.1"

"local@file:vendor/local.tgz":
  version "0.0.1"

"fork@git+https://example.org/fork.git":
  version "1.0.0"
`;

const berry = `__metadata:
  version: 8
  cacheKey: 10c0

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    left: "npm:^1.0.0"
  languageName: unknown

"left@npm:^1.0.0, left@npm:^1.1.0":
  version: 1.10
  resolution: "left@npm:1.10"
  dependencies:
    "@s/deep": "npm:*"
    other: ^4.0.0
  peerDependencies:
    deep: "*"
  languageName: node
  linkType: hard

"@s/deep@npm:*":
  version: 0.1.0
  resolution: "@s/deep@npm:0.1.0"

"other@npm:real@^4.0.0":
  version: 4.0.0
  resolution: "real@npm:4.0.0"

"left@patch:left@^1.0.0#./fix.patch":
  version: 1.10
  resolution: "left@patch:left@npm%3A1.10#./fix.patch"
`;

const manifest = `{
  "name": "app", "version": "1.0.0", "license": "MIT", "workspaces": ["apps/*"],
  "dependencies": { "@s/left": "^1.0.0", "right": "^2.0.0" },
  "devDependencies": { "tool": "^9.0.0" }
}`;

test('Yarn 1 without a manifest: entries, aliases, lines', async () => {
  const { applications } = await extractTree(yarnLock, { 'a/yarn.lock': classic });
  assert.deepEqual(
    applications[0]!.packages.map(({ id, name, dependsOn, locations, relationship }) => [
      id,
      name,
      dependsOn,
      locations,
      relationship,
    ]),
    [
      ['@s/left@1.2.0', '@s/left', ['@s/deep@0.1.0', 'right@2.0.5'], [{ start: 3, end: 8 }], undefined],
      ['@s/deep@0.1.0', '@s/deep', undefined, [{ start: 10, end: 11 }], undefined],
      ['alias@3.1.0', 'real', undefined, [{ start: 14, end: 15 }], undefined],
      ['right@2.0.5', 'right', undefined, [{ start: 17, end: 18 }], undefined],
      ['tool@9.0.0', 'tool', ['hammer@1.0.0', 'right@2.0.5'], [{ start: 20, end: 24 }], undefined],
      ['hammer@1.0.0', 'hammer', undefined, [{ start: 26, end: 27 }], undefined],
      ['stray@1.0.1', 'stray', undefined, [{ start: 29, end: 30 }], undefined],
    ],
  );
});

test('Yarn 2 and later: text versions, protocols, aliases', async () => {
  const { applications } = await extractTree(yarnLock, { 'yarn.lock': berry });
  assert.deepEqual(
    applications[0]!.packages.map(({ id, name, version, dependsOn }) => [id, name, version, dependsOn]),
    [
      ['left@1.10', 'left', '1.10', ['@s/deep@0.1.0']],
      ['@s/deep@0.1.0', '@s/deep', '0.1.0', undefined],
      ['other@4.0.0', 'real', '4.0.0', undefined],
    ],
  );
});

test('manifests tell relationships; a range that no entry has is matched by version', async () => {
  const { applications } = await extractTree(yarnLock, {
    'yarn.lock': classic,
    'package.json': manifest,
    'apps/web/package.json': '{ "dependencies": { "alias": "npm:real@^3.0.0" } }',
    'apps/broken/package.json': '{',
    'elsewhere/package.json': '{ "name": "no", "version": "1.0.0" }',
  });
  assert.deepEqual(
    applications[0]!.packages.map(({ id, relationship, dev, dependsOn }) => [id, relationship, dev, dependsOn]),
    [
      ['app@1.0.0', 'root', undefined, ['@s/left@1.2.0', 'apps/web/package.json', 'right@2.0.5', 'tool@9.0.0']],
      ['apps/web/package.json', 'workspace', undefined, ['alias@3.1.0']],
      ['@s/left@1.2.0', 'direct', undefined, ['@s/deep@0.1.0', 'right@2.0.5']],
      ['@s/deep@0.1.0', 'indirect', undefined, undefined],
      ['alias@3.1.0', 'direct', undefined, undefined],
      ['right@2.0.5', 'direct', undefined, undefined],
      ['tool@9.0.0', 'direct', true, ['hammer@1.0.0', 'right@2.0.5']],
      ['hammer@1.0.0', 'indirect', true, undefined],
      ['stray@1.0.1', undefined, undefined, undefined],
    ],
  );
});

test('missing licenses come from node_modules and from the cache', async () => {
  const manifestOf = (name: string, version: string): Buffer =>
    Buffer.from(JSON.stringify({ name, version, license: 'ISC' }));
  const { applications } = await extractTree(yarnLock, {
    'a/yarn.lock': berry,
    'a/node_modules/left/package.json': manifestOf('left', '1.10'),
    'a/.yarn/cache/@s-deep-npm-0.1.0-0-0.zip': makeZip([
      { path: 'node_modules/', content: new Uint8Array() },
      { path: 'node_modules/@s/deep/package.json', content: manifestOf('@s/deep', '0.1.0') },
    ]),
    'a/.yarn/cache/real-npm-4.0.0-0-0.zip': makeZip([
      { path: 'node_modules/real/package.json', content: manifestOf('real', '4.0.1') },
    ]),
    'a/.yarn/cache/broken.zip': 'no archive',
  });
  assert.deepEqual(
    applications[0]!.packages.map((p) => [p.name, p.licenses]),
    [
      ['left', ['ISC']],
      ['@s/deep', ['ISC']],
      ['real', undefined],
    ],
  );
});

test('unreadable parts are reported', async () => {
  const conflict = `<<<<<<< HEAD\n${classic}`;
  const found = await extractTree(yarnLock, { 'yarn.lock': conflict, 'package.json': '{' });
  assert.equal(namesOf(found).length, 7);
  assert.deepEqual(found.reports, ['unreadable-line', 'manifest-unreadable']);
  await assert.rejects(extractTree(yarnLock, { 'yarn.lock': '"broken\n' }), FormatError);
  assert.deepEqual((await extractTree(yarnLock, { 'yarn.lock': '# yarn lockfile v1\n' })).applications, []);
});

test('lock files of installed packages and of the cache are left alone', () => {
  for (const path of ['node_modules/a/yarn.lock', 'x/.yarn/cache/yarn.lock']) {
    assert.equal(yarnLock.accepts({ path, size: 1, mode: 0 }), false);
  }
});

test('damaged lock files', async () => {
  await assertSurvivesDamage(yarnLock, 'yarn.lock', { 'yarn.lock': classic, 'package.json': manifest });
  await assertSurvivesDamage(yarnLock, 'yarn.lock', { 'yarn.lock': berry });
  await assertSurvivesDamage(yarnLock, 'package.json', { 'yarn.lock': classic, 'package.json': manifest });
});
