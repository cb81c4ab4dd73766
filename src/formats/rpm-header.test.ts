import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import { makeRpmHeader, type RpmTagContent } from './fakes/make-rpm-database.js';
import { parseRpmHeader, rpmTag } from './rpm-header.js';

const tags: readonly (readonly [number, RpmTagContent])[] = [
  [rpmTag.name, 'bash'],
  [rpmTag.epoch, [4_000_000_000]],
  [rpmTag.signatureMd5, Uint8Array.of(1, 2, 255)],
  [rpmTag.requireName, ['libc.so.6()(64bit)', '', 'čaj']],
  [rpmTag.directoryIndexes, [0, 1, 1]],
  [9999, 'not wanted'],
];

test('tags of all kinds', () => {
  const header = parseRpmHeader(makeRpmHeader(tags));
  assert.equal(header.string(rpmTag.name), 'bash');
  assert.deepEqual(header.numbers(rpmTag.epoch), [4_000_000_000]);
  assert.deepEqual([...header.binary(rpmTag.signatureMd5)!], [1, 2, 255]);
  assert.deepEqual(header.strings(rpmTag.requireName), ['libc.so.6()(64bit)', '', 'čaj']);
  assert.deepEqual(header.numbers(rpmTag.directoryIndexes), [0, 1, 1]);
  assert.equal(header.string(rpmTag.vendor), undefined);
  assert.deepEqual(header.strings(rpmTag.vendor), []);
  assert.deepEqual(header.numbers(rpmTag.oldFileNames), []);
  assert.equal(header.binary(rpmTag.license), undefined);
});

test('the later of two equal tags counts', () => {
  const blob = makeRpmHeader([
    [rpmTag.name, 'first'],
    [rpmTag.name, 'second'],
  ]);
  assert.equal(parseRpmHeader(blob).string(rpmTag.name), 'second');
});

test('a tag of the wrong type, or past the end, fails when it is asked for', () => {
  const header = parseRpmHeader(makeRpmHeader(tags));
  assert.throws(() => header.numbers(rpmTag.name), FormatError);
  assert.throws(() => header.string(rpmTag.epoch), FormatError);
  const cut = makeRpmHeader([[rpmTag.name, 'bash']]);
  cut[cut.length - 1] = 65;
  assert.throws(() => parseRpmHeader(cut).string(rpmTag.name), FormatError);
});

test('impossible headers are refused', () => {
  const good = makeRpmHeader(tags);
  for (const end of [0, 7, 8, 40, good.length - 1])
    assert.throws(() => parseRpmHeader(good.subarray(0, end)), FormatError);
  for (const [at, value] of [
    [0, 0],
    [0, 65_536],
    [4, 0x7fffffff],
    [16, 0x00ffffff],
  ] as const) {
    const bad = Buffer.from(good);
    bad.writeUInt32BE(value, at);
    assert.throws(() => parseRpmHeader(bad), FormatError);
  }
});

test('property: flipped bytes end with FormatError or with values', () => {
  const good = makeRpmHeader(tags);
  const flip = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(flip, (flips) => {
      const bytes = Buffer.from(good);
      for (const [at, byte] of flips) bytes[at] = byte;
      for (const tag of Object.values(rpmTag)) {
        for (const read of ['strings', 'numbers', 'binary'] as const) {
          try {
            parseRpmHeader(bytes)[read](tag);
          } catch (error) {
            assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});
