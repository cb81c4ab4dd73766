import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Application, LayerRecord, Package } from '#model';
import { applyLayers } from './apply-layers.js';
import { PathTree } from './path-tree.js';

const layer = (diffId: string, content: Partial<LayerRecord> = {}): LayerRecord => ({
  diffId,
  opaqueDirs: [],
  whiteouts: [],
  packageFiles: [],
  applications: [],
  diagnostics: [],
  ...content,
});
const pkg = (name: string, version = '1'): Package => ({ id: `${name}@${version}`, name, version });
const app = (path: string, ...packages: Package[]): Application => ({ type: 'gobinary', path, packages });
const db = (...packages: Package[]) => [{ path: 'lib/apk/db/installed', packages }];
const apply = (...layers: LayerRecord[]) => applyLayers(layers, { includeDev: false });
const shown = (...layers: LayerRecord[]) => apply(...layers).applications.map((a) => a.path);

for (const [title, upper, expected] of [
  ['a whiteout of the file', { whiteouts: ['opt/a'] }, ['opt/b']],
  ['a whiteout of its directory', { whiteouts: ['opt'] }, []],
  ['an opaque directory', { opaqueDirs: ['opt'] }, []],
  ['an opaque root', { opaqueDirs: [''] }, []],
  ['a whiteout of another file with the same beginning', { whiteouts: ['op', 'opt/ab'] }, ['opt/a', 'opt/b']],
  ['new content at the path', { applications: [app('opt/a', pkg('y'))] }, ['opt/a', 'opt/b']],
  ['an opaque directory with new content', { opaqueDirs: ['opt'], applications: [app('opt/c', pkg('z'))] }, ['opt/c']],
] as const) {
  test(`applied: ${title}`, () => {
    assert.deepEqual(
      shown(layer('1', { applications: [app('opt/a', pkg('x')), app('opt/b', pkg('x'))] }), layer('2', upper)),
      expected,
    );
  });
}

test('a package belongs to the lowest layer that has it, with the files that one installed', () => {
  const first = { ...pkg('musl'), installedFiles: ['lib/ld-musl.so'] };
  const { packages } = apply(
    layer('1', { packageFiles: db(first) }),
    layer('2', { packageFiles: db(pkg('musl'), pkg('curl')) }),
  );
  assert.deepEqual(
    packages.map((p) => [p.name, p.layer?.diffId, p.installedFiles]),
    [
      ['curl', '2', undefined],
      ['musl', '1', ['lib/ld-musl.so']],
    ],
  );
});

test('an upgraded package belongs to the layer of the upgrade', () => {
  const { packages } = apply(
    layer('1', { packageFiles: db(pkg('a', '1')) }),
    layer('2', { packageFiles: db(pkg('a', '2')) }),
  );
  assert.deepEqual(
    packages.map((p) => [p.version, p.layer?.diffId]),
    [['2', '2']],
  );
});

test('development packages go, and roots do not name them', () => {
  const packages: Package[] = [
    { ...pkg('root'), relationship: 'root', dependsOn: ['a@1', 'dev@1'] },
    pkg('a'),
    { ...pkg('dev'), dev: true },
  ];
  const layers = [layer('1', { applications: [{ type: 'npm', path: 'package-lock.json', packages }] })];
  const names = (includeDev: boolean) =>
    applyLayers(layers, { includeDev }).applications[0]!.packages.map((p) => [p.name, p.dependsOn]);
  assert.deepEqual(names(false), [
    ['root', ['a@1']],
    ['a', undefined],
  ]);
  assert.deepEqual(names(true).length, 3);
});

test('installed packages of one language are one application', () => {
  const installed = (path: string): Application => ({ type: 'node-pkg', path, packages: [{ ...pkg('x'), path }] });
  const { applications } = apply(
    layer('1', { applications: [installed('a/package.json'), installed('b/package.json')] }),
  );
  assert.deepEqual(
    applications.map((a) => [a.path, a.packages.length]),
    [['', 2]],
  );
});

test('the path tree agrees with removing by prefix', () => {
  const segment = fc.constantFrom('a', 'b', 'c');
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((s) => s.join('/'));
  const step = fc.oneof(
    fc.record({ op: fc.constant('set' as const), path }),
    fc.record({ op: fc.constant('remove' as const), path }),
    fc.record({ op: fc.constant('clear' as const), path: fc.oneof(path, fc.constant('')) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const tree = new PathTree<string>();
      const model = new Set<string>();
      for (const { op, path: at } of steps) {
        tree[op](at, 'k', at);
        if (op === 'set') model.add(at);
        else
          for (const one of model)
            if (one.startsWith(at === '' ? '' : `${at}/`) || (op === 'remove' && one === at)) model.delete(one);
      }
      assert.deepEqual([...tree.values()].sort(), [...model].sort());
    }),
  );
});
