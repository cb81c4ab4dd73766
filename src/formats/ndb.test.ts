import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import { makeNdb } from './fakes/make-rpm-database.js';
import { ndbBlobs } from './ndb.js';
import { bytesSource } from './zip.js';

function read(bytes: Uint8Array, damages: Error[] = []): Buffer[] {
  return [...ndbBlobs(bytesSource(bytes), (error) => damages.push(error))].map((blob) => Buffer.from(blob));
}

const blobs = ['one', '', 'x'.repeat(5000)].map((text) => Buffer.from(text));

test('blobs read back', () => assert.deepEqual(read(makeNdb(blobs)), blobs));

test('other files and versions are refused', () => {
  const good = makeNdb(blobs);
  const version = Buffer.from(good);
  version[4] = 1;
  const pages = Buffer.from(good);
  pages[12] = 200;
  for (const bad of [Buffer.alloc(0), Buffer.alloc(64), version, pages]) assert.throws(() => read(bad), FormatError);
});

test('damage of a blob costs it alone', () => {
  for (const [at, byte] of [
    [4096, 0], // start mark
    [4096 + 4, 9], // package index
    [4096 + 12, 200], // length
    [4096 + 31, 0], // end mark
    [32, 0], // slot mark
    [32 + 11, 9], // block offset
  ] as const) {
    const bytes = makeNdb(blobs);
    bytes[at] = byte;
    const damages: Error[] = [];
    assert.deepEqual(read(bytes, damages), blobs.slice(1));
    assert.equal(damages.length, 1);
  }
});

test('a blob over the limit is left out', () => {
  const bytes = makeNdb(blobs);
  bytes.writeUInt32LE(0x7fffffff, 4096 + 12);
  const damages: Error[] = [];
  read(bytes, damages);
  assert.ok(damages[0] instanceof LimitError);
});

test('property: any blobs read back', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (all) => {
      assert.deepEqual(
        read(makeNdb(all)),
        all.map((blob) => Buffer.from(blob)),
      );
    }),
  );
});

test('property: cut anywhere or flipped, it ends with a known error or none', () => {
  const good = makeNdb(blobs);
  const flip = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(flip, fc.option(fc.nat(good.length)), (flips, cut) => {
      const bytes = Buffer.from(good.subarray(0, cut ?? good.length));
      for (const [at, byte] of flips) if (at < bytes.length) bytes[at] = byte;
      try {
        read(bytes);
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
