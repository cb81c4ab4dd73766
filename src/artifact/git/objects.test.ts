import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import { randomAccessOf } from '#platform';
import { applyDelta } from './delta.js';
import { openGitObjects } from './objects.js';
import { openPackIndex } from './pack-index.js';
import { readPacked } from './pack.js';
import { commitFiles, git, gitInstalled, testPlace } from './server.test.kit.js';
import { parseTree } from './tree.js';

const place = testPlace();
after(() => place.remove());

test('every object of a repository, loose and packed', { skip: !gitInstalled }, () => {
  const work = join(place.path, 'work');
  git(place.path, 'init', '--quiet', work);
  for (let i = 0; i < 12; i++) {
    const lines = Array.from({ length: 200 }, (_, n) => `line ${n} ${n % 12 === i ? 'changed' : ''}`);
    commitFiles(work, { 'a/text': lines.join('\n'), [`b/${i}`]: `${i}` }, `Commit ${i}`);
  }
  git(work, 'tag', '--annotate', '--message', 'x', 'v1');
  const check = (): void => {
    const objects = openGitObjects(join(work, '.git'));
    const all = git(work, 'cat-file', '--batch-all-objects', '--batch-check').split('\n');
    assert.ok(all.length > 50);
    for (const line of all) {
      const [id = '', type, size] = line.split(' ');
      const object = objects.read(id, 1_000_000);
      assert.deepEqual([object?.type, String(object?.bytes.length)], [type, size]);
    }
    assert.equal(objects.read('0'.repeat(40), 1000), undefined);
    assert.throws(() => objects.read(git(work, 'rev-parse', 'HEAD:a/text'), 100), LimitError);
    objects.close();
  };
  check();
  git(work, 'repack', '-adfq', '--depth=10');
  check();
  git(work, '-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adfq');
  check();
});

test('sha256 repositories', { skip: !gitInstalled }, () => {
  const work = join(place.path, 'sha256');
  mkdirSync(work);
  git(work, 'init', '--quiet', '--object-format=sha256');
  const id = commitFiles(work, { a: '1' }, 'x');
  git(work, 'gc', '--quiet');
  const objects = openGitObjects(join(work, '.git'));
  assert.equal(objects.read(id, 10_000)?.type, 'commit');
  objects.close();
});

test('differences', () => {
  const base = Buffer.from('hello world');
  const of = (...codes: number[]): string => Buffer.from(applyDelta(base, Uint8Array.from(codes), 100)).toString();
  assert.equal(of(11, 5, 0x90, 5), 'hello');
  assert.equal(of(11, 6, 0x91, 6, 5, 1, 33), 'world!');
  const bad: readonly number[][] = [
    [],
    [10, 5, 0x90, 5],
    [11, 5],
    [11, 5, 0x90],
    [11, 4, 0x90, 5],
    [11, 5, 0x91, 8, 5],
    [11, 1, 0],
    [11, 3, 5, 1],
    [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
  ];
  for (const codes of bad) assert.throws(() => of(...codes), FormatError, String(codes));
  assert.throws(() => of(11, 0xff, 1), LimitError);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (delta) => {
      try {
        assert.ok(applyDelta(base, delta, 1000).length <= 1000);
      } catch (error) {
        assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
      }
    }),
  );
});

const allowed = (work: () => unknown): void => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
  }
};

test('any bytes as pack, index or tree: read or refused', () => {
  const id = new Uint8Array(20).fill(7);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, offset) => {
      const file = randomAccessOf(bytes);
      allowed(() => readPacked({ file, idLength: 20, offsetOf: () => offset }, offset, 1000));
      allowed(() => openPackIndex(file).find(id));
      allowed(() => [...parseTree(bytes, 20)]);
    }),
  );
  const header = Buffer.alloc(8 + 1024, 0xff);
  header.set([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]);
  allowed(() => openPackIndex(randomAccessOf(header)).find(id));
});

test('objects that are their own base end', () => {
  const pack = Buffer.from([0x71, ...new Uint8Array(20), 0x78, 0x9c, 3, 0, 0, 0, 0, 1]);
  assert.throws(
    () => readPacked({ file: randomAccessOf(pack), idLength: 20, offsetOf: () => 0 }, 0, 1000),
    FormatError,
  );
});

const tree = (mode: string, name: string): Uint8Array => Buffer.from(`${mode} ${name}\0${'i'.repeat(20)}`);

test('names in a tree', () => {
  for (const name of ['a', '.github', '..a', '-x', 'ü', '.gitignore'])
    assert.equal([...parseTree(tree('100644', name), 20)][0]?.name, name);
  for (const name of [
    '',
    '.',
    '..',
    'a/b',
    '.git',
    '.GIT',
    '.git.',
    '.git ',
    'GIT~1',
    '.g\u200cit',
    '.git::$INDEX',
    'a\\b',
  ])
    assert.throws(() => [...parseTree(tree('100644', name), 20)], FormatError, name);
  assert.throws(() => [...parseTree(tree('777', 'a'), 20)], FormatError);
});
