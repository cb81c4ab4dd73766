import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { limits, PratiqueError } from '#base';
import { decompress, type Expansion } from './decompress.js';

/** Copies, for chunks are given away. */
async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield new Uint8Array(bytes.subarray(at, at + size));
}

async function expand(bytes: Uint8Array, size = 100, options: Partial<Expansion> = {}): Promise<string> {
  const out: Uint8Array[] = [];
  for await (const chunk of decompress(cut(bytes, size), { what: 'it', ...options })) out.push(new Uint8Array(chunk));
  return Buffer.concat(out).toString();
}

const fails = (code: string) => (error: unknown) => error instanceof PratiqueError && error.code === code;

const text = 'some text '.repeat(500);
const zip = gzipSync(text);
/** A frame of one RLE block: `length` times the letter a. */
function zstdOf(length: number): Buffer {
  const block = (length << 3) | 3;
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, block & 0xff, (block >> 8) & 0xff, block >> 16, 0x61]);
}

test('streams are expanded by their first bytes, in chunks of any size', async () => {
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]);
  const cases: [string, Uint8Array, string][] = [
    ['plain', Buffer.from(text), text],
    ['empty', Buffer.alloc(0), ''],
    ['short', Buffer.from('ab'), 'ab'],
    ['gzip', zip, text],
    ['gzip of two members', Buffer.concat([zip, gzipSync('end')]), `${text}end`],
    ['gzip with padding', Buffer.concat([zip, Buffer.alloc(100)]), text],
    ['zstd', zstdOf(1000), 'a'.repeat(1000)],
    ['zstd frames', Buffer.concat([skippable, zstdOf(10), skippable, zstdOf(20)]), 'a'.repeat(30)],
    ['zstd frames in a row', Buffer.concat([zstdOf(10), zstdOf(20), zstdOf(30)]), 'a'.repeat(60)],
    ['zstd with a skippable end', Buffer.concat([zstdOf(10), skippable]), 'a'.repeat(10)],
  ];
  for (const [name, bytes, expected] of cases) {
    for (const size of [1, 7, 100_000]) assert.equal(await expand(bytes, size), expected, `${name} by ${size}`);
  }
});

test('cut-off, damaged and unsupported streams', async () => {
  for (const length of [2, 5, 20, zip.length - 9, zip.length - 1]) {
    await assert.rejects(expand(zip.subarray(0, length)), fails('artifact/truncated'), `${length}`);
  }
  for (const length of [4, 6, 9])
    await assert.rejects(expand(zstdOf(9).subarray(0, length)), fails('artifact/truncated'));
  const damaged = Buffer.from(zip);
  damaged[damaged.length - 6]! ^= 0xff;
  await assert.rejects(expand(damaged), fails('artifact/corrupt'));
  await assert.rejects(expand(Buffer.concat([zstdOf(9), Buffer.from('garbage')])), fails('artifact/corrupt'));
  await assert.rejects(expand(Buffer.from('BZh91AY')), fails('artifact/compression'));
  await assert.rejects(expand(Buffer.from('fd377a585a0000', 'hex')), fails('artifact/compression'));
});

test('an expansion without measure is stopped', async () => {
  const bomb = gzipSync(Buffer.alloc(3_000_000));
  const tight = { ...limits, layer: 1_000_000 };
  await assert.rejects(expand(bomb, 100, { limits: tight }), fails('artifact/bomb'));
  const steep = { ...limits, ratio: 100, ratioFloor: 1_000_000 };
  await assert.rejects(expand(bomb, 100, { limits: steep }), fails('artifact/bomb'));
  const window = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x4b, 0, 0, 0x61]);
  await assert.rejects(expand(window), fails('artifact/bomb'));
});

async function* broken(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(zip.subarray(0, 50));
  throw new PratiqueError('file/unreadable', { path: 'x', reason: 'gone' });
}

test('the source is read to its end, though the data end before: its verdict counts', async () => {
  async function* refused(): AsyncGenerator<Uint8Array> {
    yield* cut(zip, 100);
    for (let i = 0; i < 10; i++) yield new Uint8Array(100_000);
    throw new PratiqueError('registry/bad-digest', { name: 'x', digest: 'y', reason: 'it is another' });
  }
  await assert.rejects(async () => {
    for await (const _ of decompress(refused(), { what: 'it' }));
  }, fails('registry/bad-digest'));
});

test('leaving early ends the source', async () => {
  const source = { left: false };
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      yield* cut(zip, 100);
      for (;;) yield new Uint8Array(gzipSync(Buffer.alloc(1_000_000, 'x')));
    } finally {
      source.left = true;
    }
  }
  for await (const _ of decompress(endless(), { what: 'it' })) break;
  for (let i = 0; i < 100 && !source.left; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(source.left);
});

test('the error of the source is the error', async () => {
  await assert.rejects(async () => {
    for await (const _ of decompress(broken(), { what: 'it' }));
  }, fails('file/unreadable'));
});

test('who stops reading frees the source', async () => {
  let freed = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield gzipSync(Buffer.alloc(100_000));
    } finally {
      freed = true;
    }
  }
  for await (const _ of decompress(source(), { what: 'it' })) break;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(freed);
});
