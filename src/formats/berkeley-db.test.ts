import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import { berkeleyPairs, isBerkeleyHash } from './berkeley-db.js';
import { makeBerkeleyDb } from './fakes/make-rpm-database.js';
import { bytesSource } from './zip.js';

function read(bytes: Uint8Array, damages: Error[] = []): { key: number; value: Buffer }[] {
  return [...berkeleyPairs(bytesSource(bytes), (error) => damages.push(error))].map(({ key, value }) => ({
    key: key[0]! | key[3]!,
    value: Buffer.from(value),
  }));
}

const texts = ['short', '', 'x'.repeat(64), 'y'.repeat(65), 'overflow '.repeat(500)];
const values = texts.map((text) => Buffer.from(text));

for (const littleEndian of [true, false]) {
  test(`pairs read back, ${littleEndian ? 'little' : 'big'}-endian`, () => {
    for (const pageSize of [512, 4096, 65536 / 2]) {
      const pairs = read(makeBerkeleyDb(values, { littleEndian, pageSize }));
      assert.equal(pairs[0]?.key, 0);
      assert.deepEqual(
        pairs.slice(1),
        values.map((value, i) => ({ key: i + 1, value })),
      );
    }
  });
}

test('other files, other access methods and encryption are refused', () => {
  const good = makeBerkeleyDb(values);
  for (const [at, byte] of [
    [12, 0],
    [20, 1],
    [24, 1],
    [25, 9],
  ] as const) {
    const bad = Buffer.from(good);
    bad[at] = byte;
    assert.throws(() => read(bad), FormatError);
  }
  assert.throws(() => read(Buffer.alloc(0)), FormatError);
  assert.equal(isBerkeleyHash(good.subarray(0, 10)), false);
});

test('a broken overflow chain costs its own value only', () => {
  const bytes = makeBerkeleyDb(values);
  bytes[2 * 512 + 25] = 3;
  const damages: Error[] = [];
  assert.deepEqual(
    read(bytes, damages).map((pair) => pair.key),
    [0, 1, 2, 3, 5],
  );
  assert.match(damages[0]!.message, /overflow/);
});

test('an overflow chain that turns in a circle ends with its value', () => {
  const bytes = makeBerkeleyDb([Buffer.alloc(5000, 1)]);
  bytes.writeUInt32LE(2, 3 * 512 + 16);
  assert.equal(read(bytes)[1]?.value.length, 5000);
});

test('property: any values read back', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 12 }), fc.boolean(), (all, littleEndian) => {
      const pairs = read(makeBerkeleyDb(all, { littleEndian, inline: 8 }));
      assert.deepEqual(
        pairs.slice(1).map((pair) => pair.value),
        all.map((value) => Buffer.from(value)),
      );
    }),
    { numRuns: 100 },
  );
});

test('property: cut anywhere or flipped, it ends with a known error or none', () => {
  const good = makeBerkeleyDb(values);
  const flip = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(flip, fc.option(fc.nat(good.length)), (flips, cut) => {
      const bytes = Buffer.from(good.subarray(0, cut ?? good.length));
      for (const [at, byte] of flips) if (at < bytes.length) bytes[at] = byte;
      try {
        read(bytes);
      } catch (error) {
        assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
      }
    }),
    { numRuns: 600 },
  );
});
