import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import type { BoltBucket } from './bbolt-bucket.js';
import { openBolt } from './bbolt.js';
import { verifyBolt } from './bbolt-verify.js';
import { boltBytes, type BoltNode, type BoltTree } from './bbolt-writer.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const show = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

type Shape = { readonly [key: string]: Shape | string };

function read(bucket: BoltBucket): Shape {
  const out: Record<string, Shape | string> = Object.create(null) as Record<string, Shape | string>;
  for (const { key, value, bucket: inner } of bucket.items()) out[show(key)] = inner ? read(inner) : show(value!);
  return out;
}

function shapeOf(tree: BoltTree): Shape {
  const out: Record<string, Shape | string> = Object.create(null) as Record<string, Shape | string>;
  const sorted = [...tree].map(([key, node]) => [show(key as Uint8Array), node] as const).sort(byKey);
  for (const [key, node] of sorted) out[key] = node instanceof Uint8Array ? show(node) : shapeOf(node);
  return out;
}
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

/** Keys are prefixed so that no generated key looks like an array index, whose order objects do not keep. */
const key = fc.uint8Array({ minLength: 0, maxLength: 24 }).map((bytes) => Uint8Array.of(0x6b, ...bytes));
const value = fc.oneof(
  { weight: 20, arbitrary: fc.uint8Array({ maxLength: 60 }) },
  { weight: 1, arbitrary: fc.integer({ min: 500, max: 9000 }).map((n) => new Uint8Array(n).fill(n & 0xff)) },
);
const entries = (node: fc.Arbitrary<BoltNode>, maxLength: number): fc.Arbitrary<BoltTree> =>
  fc.uniqueArray(fc.tuple(key, node), { selector: ([k]) => show(k), maxLength, size: 'max' });
const inner: fc.Arbitrary<BoltTree> = entries(fc.oneof({ weight: 9, arbitrary: value }, entries(value, 5)), 60);
const tree: fc.Arbitrary<BoltTree> = entries(inner, 6);

test('what is written is read back, in byte order', () => {
  fc.assert(
    fc.property(tree, fc.constantFrom(1024, 4096, 16384), (written, pageSize) => {
      const database = openBolt(boltBytes(written, { pageSize }));
      verifyBolt(database);
      assert.equal(JSON.stringify(read(database.root)), JSON.stringify(shapeOf(written)));
    }),
    { numRuns: 60 },
  );
});

test('the same tree in any order gives the same bytes', () => {
  fc.assert(
    fc.property(tree, (written) => {
      const reverse = (node: BoltNode): BoltNode =>
        node instanceof Uint8Array ? node : [...node].reverse().map(([k, n]) => [k, reverse(n)] as const);
      assert.deepEqual(boltBytes(reverse(written) as BoltTree), boltBytes(written));
    }),
    { numRuns: 20 },
  );
});

const numbers = Array.from({ length: 3000 }, (_, i) => `key ${String(i * 2).padStart(5, '0')}`);
const wide: BoltTree = [
  ['empty', []],
  ['keys', numbers.map((k) => [k, text(k.toUpperCase())] as const)],
  ['large', [['value', new Uint8Array(50_000).fill(7)]]],
  ['long keys', Array.from({ length: 9 }, (_, i) => [`${i}`.repeat(30_000), text(`${i}`)] as const)],
  ['packages', [['zlib', [['CVE-1', text('{}')]]]]],
];

test('keys are found by search, absent ones are not', () => {
  for (const pageSize of [1024, 4096, 65536]) {
    const { root } = openBolt(boltBytes(wide, { pageSize }));
    const keys = root.get('keys')!.bucket!;
    for (const k of numbers) {
      assert.equal(show(keys.get(k)!.value!), k.toUpperCase());
      assert.equal(keys.get(`${k}-`), undefined);
    }
    assert.equal(keys.get(''), undefined);
    assert.equal(keys.get('a'), undefined);
    assert.equal(keys.get('z'), undefined);
    assert.deepEqual(
      [...keys.startingWith('key 0012')].map((item) => show(item.key)),
      ['key 00120', 'key 00122', 'key 00124', 'key 00126', 'key 00128'],
    );
    assert.equal([...keys.items('key 05990')].length, 5);
    assert.deepEqual([...root.get('empty')!.bucket!.items()], []);
    assert.equal(root.get('large')!.bucket!.get('value')!.value!.length, 50_000);
    assert.equal(show(root.get('long keys')!.bucket!.get('5'.repeat(30_000))!.value!), '5');
    assert.equal(show(root.get('packages')!.bucket!.get('zlib')!.bucket!.get('CVE-1')!.value!), '{}');
  }
});

test('a look-up reads few pages, and a second one none', () => {
  const { root, stats } = openBolt(boltBytes(wide));
  root.get('keys')!.bucket!.get('key 00400');
  const first = stats.pagesRead;
  assert.ok(first <= 4, `${first} pages`);
  root.get('keys')!.bucket!.get('key 00400');
  assert.equal(stats.pagesRead, first);
});

test('pages past the capacity of the cache are read again, the last used ones are not', () => {
  const database = openBolt(boltBytes(wide), 3 * 4096);
  const keys = database.root.get('keys')!.bucket!;
  const readsOf = (name: string): number => {
    const before = database.stats.pagesRead;
    keys.get(name);
    return database.stats.pagesRead - before;
  };
  readsOf('key 00000');
  assert.equal(readsOf('key 00002'), 0);
  for (let i = 1000; i < 5000; i += 1000) assert.equal(readsOf(`key 0${i}`), 1);
  assert.equal(readsOf('key 00000'), 1);
  assert.equal([...keys.items()].length, numbers.length);
});

test('one damaged meta page is survived, two are not', () => {
  const bytes = boltBytes(wide);
  const broken = (...offsets: number[]): Uint8Array => bytes.map((b, i) => (offsets.includes(i) ? b ^ 1 : b));
  for (const offsets of [[16], [70], [4096 + 20], [4096 + 72]])
    assert.equal(
      openBolt(broken(...offsets))
        .root.get('empty')!
        .bucket!.get('x'),
      undefined,
    );
  assert.throws(() => openBolt(broken(30, 4096 + 30)), FormatError);
});

const unwritable: readonly (readonly [string, BoltTree])[] = [
  ['an empty key', [['', []]]],
  ['a long key', [['x'.repeat(32769), []]]],
  ['a key there twice', [['a', []], [text('a'), []]]], // prettier-ignore
];
for (const [name, bad] of unwritable)
  test(`${name} is not written`, () => {
    assert.throws(() => boltBytes(bad), FormatError);
  });

/** Offsets of page headers and elements: damage there must show. Keys, values and the sequence of buckets are opaque. */
function structure(bytes: Uint8Array, pageSize: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out: number[] = [];
  for (let page = 2; page * pageSize < bytes.length;) {
    const start = page * pageSize;
    const size = 16 + 16 * view.getUint16(start + 10, true);
    for (let i = 0; i < size; i++) out.push(start + i);
    page += 1 + view.getUint32(start + 12, true);
  }
  return out;
}

const small: BoltTree = [
  ['a', [['inline', text('value')]]],
  ['b', Array.from({ length: 200 }, (_, i) => [`k${1000 + i}`, text(`${i}`)] as const)],
  ['c', [['deep', [['deeper', [['value', new Uint8Array(3000)]]]]]]],
];
const options = { pageSize: 1024 };

function outcome(bytes: Uint8Array): Shape | 'refused' {
  try {
    const database = openBolt(bytes);
    verifyBolt(database);
    return read(database.root);
  } catch (error) {
    assert.ok(error instanceof FormatError, String(error));
    return 'refused';
  }
}

test('damage to the structure is refused or makes no difference', () => {
  const bytes = boltBytes(small, options);
  const right = JSON.stringify(outcome(bytes));
  for (const offset of structure(bytes, 1024)) {
    for (const bit of [1, 0x80]) {
      const damaged = bytes.slice();
      damaged[offset]! ^= bit;
      const got = outcome(damaged);
      if (got !== 'refused') assert.ok(JSON.stringify(got) === right || unconfirmed(bytes, offset), `offset ${offset}`);
    }
  }
});

/** Whether nothing else in the file confirms `offset`: the sizes of a leaf's last element; the mark of an inline bucket. */
function unconfirmed(bytes: Uint8Array, offset: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const page = [...pagesOf(bytes)].findLast((start) => start <= offset)!;
  if (view.getUint16(page + 8, true) !== 2) return false;
  const last = page + 16 * view.getUint16(page + 10, true);
  const mark = offset >= page + 16 && offset % 16 === 0;
  return mark || (offset >= last + 8 && offset < last + 16);
}

function* pagesOf(bytes: Uint8Array): Generator<number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 2048; start < bytes.length; start += 1024 * (1 + view.getUint32(start + 12, true))) yield start;
}

test('damage anywhere ends in an answer or a FormatError', () => {
  const bytes = boltBytes(small, options);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (changes) => {
        const damaged = bytes.slice();
        for (const [at, byte] of changes) damaged[at] = byte;
        outcome(damaged);
        lookUp(damaged);
      },
    ),
    { numRuns: 400 },
  );
});

function lookUp(bytes: Uint8Array): void {
  try {
    const { root } = openBolt(bytes);
    for (const bucket of ['a', 'b', 'c', 'd']) root.get(bucket)?.bucket?.get('k1100');
  } catch (error) {
    assert.ok(error instanceof FormatError, String(error));
  }
}

test('a shortened file is refused', () => {
  const bytes = boltBytes(small, options);
  for (let length = 0; length < bytes.length; length += 61)
    assert.throws(() => openBolt(bytes.subarray(0, length)), FormatError);
  assert.throws(() => openBolt(bytes.subarray(0, -1)), FormatError);
});
