/** The rules of src/rooms.ts, enforced: floors, doors, platform modules, no cycles between files. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rooms } from '#rooms';

const src = fileURLToPath(new URL('../../src', import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .sort();
const sources = files.filter((path) => !path.includes('.test.'));
const byName = new Map(rooms.map((room) => [room.name, room]));
const builtins = new Set(builtinModules);

interface Import {
  readonly file: string;
  readonly specifier: string;
}

/** Static, dynamic and type imports and re-exports. Comments and strings that look like imports would fail loudly. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const found = text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)'([^']+)'/gm);
  return [...found].map(([, specifier]) => ({ file, specifier: specifier! }));
}

/** The package leaves these out. */
const isForTests = (file: string): boolean => file.includes('.test.') || file.includes('/fakes/');
const roomOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');
const imports = files.flatMap(importsOf);

test('every folder of src is a room, and every room has a folder and a door', () => {
  const folders = new Set(files.map(roomOf).filter(Boolean));
  assert.deepEqual([...folders].sort(), rooms.map((room) => room.name).sort());
  for (const { name } of rooms) assert.ok(files.includes(`${name}/index.ts`), `${name} has no door`);
});

test('a room imports lower floors only, through their doors', () => {
  for (const { file, specifier } of imports.filter((i) => i.specifier.startsWith('#'))) {
    const from = byName.get(roomOf(file))!;
    const [name, part] = specifier.slice(1).split('/');
    const to = byName.get(name!);
    assert.ok(to && (part === undefined || part === 'fakes'), `${file} imports ${specifier}, which is no door`);
    assert.ok(!part || isForTests(file), `${file} imports ${specifier}, which is for tests`);
    assert.ok(to.floor < from.floor, `${file} (floor ${from.floor}) imports ${specifier} (floor ${to.floor})`);
  }
});

test('what is for tests is imported by tests only', () => {
  for (const { file, specifier } of imports.filter((i) => /(?:^|\/)fakes\//.test(i.specifier)))
    assert.ok(isForTests(file), `${file} imports ${specifier}`);
});

test('relative imports stay inside the room and never name its own door', () => {
  for (const { file, specifier } of imports.filter((i) => i.specifier.startsWith('.'))) {
    const target = join(dirname(file), specifier);
    assert.equal(roomOf(target), roomOf(file), `${file} imports ${specifier}`);
    assert.ok(!/(?:^|\/)index\.js$/.test(specifier), `${file} imports a door relatively`);
  }
});

test('rooms touch only the platform modules they are given', () => {
  for (const { file, specifier } of imports) {
    if (file.includes('.test.')) continue;
    const name = specifier.replace(/^node:/, '');
    if (!builtins.has(name) && !builtins.has(name.split('/')[0]!)) continue;
    assert.ok(specifier.startsWith('node:'), `${file} imports ${specifier} without node:`);
    const room = byName.get(roomOf(file));
    if (!room || room.touches === 'all') continue;
    assert.ok(room.touches.includes(name.split('/')[0]!), `${file} touches ${specifier}`);
  }
});

test('files import each other without cycles, types included', () => {
  const graph = new Map(
    sources.map((file) => [
      file,
      importsOf(file)
        .filter((i) => i.specifier.startsWith('.'))
        .map((i) => relative('.', join(dirname(file), i.specifier)).replace(/\.js$/, '.ts')),
    ]),
  );
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    assert.ok(!path.includes(file), `cycle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`);
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
});
