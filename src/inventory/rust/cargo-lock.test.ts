import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import type { Package } from '#model';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { cargoLock } from './cargo-lock.js';

const lock = `# generated
version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "left",
 "right 2.0.0",
 "tool",
 "web",
]

[[package]]
name = "left"
version = "1.1.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = ["right 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)", "absent"]

[[package]]
name = "right"
version = "1.0.0"

[[package]]
name = "right"
version = "2.0.0"

[[package]]
name = "tool"
version = "9.0.0"

[[package]]
name = "web"
version = "0.2.0"
dependencies = ["tool"]

[metadata]
"checksum left 1.1.0" = "00"
`;
const manifest = `[package]
name = "app"
version = "0.1.0"
[workspace]
members = ["crates/*"]
exclude = ["crates/no"]
[workspace.package]
version = "0.2.0"
[dependencies]
gauche = { package = "left", version = "1" }
web = { path = "crates/web" }
[target.'cfg(unix)'.dependencies]
right = "2"
[dev-dependencies]
tool = "9"
`;
const member = '[package]\nname = "web"\nversion = { workspace = true }\n[dev-dependencies]\ntool = "*"\n';

const brief = ({ id, relationship, dependsOn }: Package): unknown[] => [id, relationship, dependsOn];

test('without a manifest all packages, unrelated', async () => {
  const { applications } = await extractTree(cargoLock, { 'a/Cargo.lock': lock });
  assert.deepEqual(applications[0]!.packages.map(brief), [
    ['app@0.1.0', undefined, ['left@1.1.0', 'right@2.0.0', 'tool@9.0.0', 'web@0.2.0']],
    ['left@1.1.0', undefined, ['right@1.0.0']],
    ['right@1.0.0', undefined, undefined],
    ['right@2.0.0', undefined, undefined],
    ['tool@9.0.0', undefined, undefined],
    ['web@0.2.0', undefined, ['tool@9.0.0']],
  ]);
  assert.deepEqual(
    applications[0]!.packages.map((p) => p.locations![0]),
    [
      { start: 4, end: 12 },
      { start: 14, end: 18 },
      { start: 20, end: 22 },
      { start: 24, end: 26 },
      { start: 28, end: 30 },
      { start: 32, end: 35 },
    ],
  );
});

test('with manifests only what is used', async () => {
  const { applications } = await extractTree(cargoLock, {
    'a/Cargo.lock': lock,
    'a/Cargo.toml': manifest,
    'a/crates/web/Cargo.toml': member,
    'a/crates/no/Cargo.toml': '[',
  });
  assert.deepEqual(applications[0]!.packages.map(brief), [
    ['app@0.1.0', 'root', ['left@1.1.0', 'right@2.0.0', 'web@0.2.0']],
    ['left@1.1.0', 'direct', ['right@1.0.0']],
    ['right@1.0.0', 'indirect', undefined],
    ['right@2.0.0', 'direct', undefined],
    ['web@0.2.0', 'workspace', undefined],
  ]);
});

test('a workspace without a package of its own', async () => {
  const { applications } = await extractTree(cargoLock, {
    'Cargo.lock': lock,
    'Cargo.toml':
      '[workspace]\nmembers = ["web"]\n[workspace.package]\nversion = "0.2.0"\n[workspace.dependencies]\ntool = "9"\n',
    'web/Cargo.toml': '[package]\nname = "web"\n[dependencies]\ntool = { workspace = true }\n',
  });
  const [root, ...rest] = applications[0]!.packages;
  assert.match(root!.id!, /^[0-9a-f]{1,16}$/);
  assert.deepEqual([root!.name, root!.relationship, root!.dependsOn], ['', 'root', ['web@0.2.0']]);
  assert.deepEqual(rest.map(brief), [
    ['tool@9.0.0', 'direct', undefined],
    ['web@0.2.0', 'workspace', ['tool@9.0.0']],
  ]);
});

test('unreadable files', async () => {
  const { applications, reports } = await extractTree(cargoLock, { 'Cargo.lock': lock, 'Cargo.toml': '[' });
  assert.equal(applications[0]!.packages.length, 6);
  assert.deepEqual(reports, ['manifest-unreadable']);
  await assert.rejects(extractTree(cargoLock, { 'Cargo.lock': '[[package]\n' }), FormatError);
});

test('damaged files', async () => {
  const tree = { 'Cargo.lock': lock, 'Cargo.toml': manifest, 'crates/web/Cargo.toml': member };
  await assertSurvivesDamage(cargoLock, 'Cargo.lock', tree);
  await assertSurvivesDamage(cargoLock, 'Cargo.toml', tree);
});
