import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PratiqueError } from '#base';
import { openRandomAccess, randomAccessOf, sliceOf } from './random-access-file.js';
import { createSpoolFile } from './spool-file.js';

const folder = mkdtempSync(join(tmpdir(), 'random-access-'));
after(() => rmSync(folder, { recursive: true }));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const path = join(folder, 'digits');
writeFileSync(path, '0123456789');

test('files, memory and slices read alike', () => {
  const file = openRandomAccess(path);
  const ten = [
    file,
    randomAccessOf(Buffer.from('0123456789')),
    sliceOf(randomAccessOf(Buffer.from('x0123456789y')), 1, 10),
  ];
  for (const one of ten) {
    assert.equal(one.size, 10);
    for (const [offset, length, expected] of [
      [0, 3, '012'],
      [8, 5, '89'],
      [10, 1, ''],
      [20, 1, ''],
      [3, 0, ''],
    ] as const) {
      assert.equal(text(one.read(offset, length)), expected);
      const target = Buffer.alloc(length);
      const count = one.readInto(target, offset);
      assert.equal(text(target.subarray(0, count)), expected);
    }
  }
  assert.equal(sliceOf(file, 8, 10).size, 2);
  file.close();
  file.close();
  assert.throws(() => file.read(0, 1), PratiqueError);
});

const fails = (code: string) => (error: unknown) => error instanceof PratiqueError && error.code === code;

test('only regular files are opened', () => {
  assert.throws(() => openRandomAccess(join(folder, 'none')), fails('file/not-found'));
  assert.throws(() => openRandomAccess(folder), fails('file/unreadable'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  assert.throws(() => openRandomAccess(join(folder, 'pipe')), fails('file/unreadable'));
  symlinkSync('digits', join(folder, 'link'));
  openRandomAccess(join(folder, 'link')).close();
  assert.throws(() => openRandomAccess(join(folder, 'link'), { noFollow: true }), fails('file/unreadable'));
});

test('a spool file has no name while it is used', () => {
  const place = mkdtempSync(join(folder, 'spool-'));
  const spool = createSpoolFile(place);
  spool.append(Buffer.from('abc'));
  spool.append(Buffer.from('defg'));
  assert.equal(spool.size, 7);
  const slice = spool.slice(2, 3);
  assert.equal(text(slice.read(0, 10)), 'cde');
  assert.equal(text(slice.read(2, 10)), 'e');
  if (process.platform !== 'win32') assert.deepEqual(readdirSync(place), []);
  spool.close();
  spool.close();
  assert.deepEqual(readdirSync(place), []);
  assert.throws(() => slice.read(0, 1), PratiqueError);
  assert.throws(() => createSpoolFile(join(folder, 'nowhere')), PratiqueError);
});
