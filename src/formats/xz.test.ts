import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import { decompressXz } from './xz.js';

/** Made by `xz -9e`: of 100 000 zero bytes, and of a line. */
const zeros = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4YafAFNdAABv/f//o7f/Rz5IFXI5YVG4kijmo4YH+e7kHoLTL8U6PAFLsX7JiopNL6MN2X+m44wjEVPgWRjFdYrid/i2lH8MasDedElk4ulcU7IE1rH1lwAAAACPxpSiGONw8QABb6CNBgAAkORuUbHEZ/sCAAAAAARZWg==',
  'base64',
);
const line = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAGYSBsaW5lCgAADRO4K2U+CFIAAR8HFi64cx+2830BAAAAAARZWg==',
  'base64',
);

test('content', async () => {
  assert.equal(Buffer.from(await decompressXz(line, 100)).toString(), 'a line\n');
  const unpacked = await decompressXz(zeros, 100_000);
  assert.equal(unpacked.length, 100_000);
  assert.ok(unpacked.every((byte) => byte === 0));
});

test('more than the limit', async () => {
  await assert.rejects(decompressXz(zeros, 99_999), LimitError);
});

test('damage is told from content', async () => {
  const damage = fc.record({ at: fc.nat(line.length - 1), byte: fc.integer({ min: 1, max: 255 }), cut: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(damage, async ({ at, byte, cut }) => {
      const damaged = cut ? line.subarray(0, at) : Buffer.from(line);
      if (!cut) damaged[at] = damaged[at]! ^ byte;
      await assert.rejects(
        decompressXz(damaged, 1000),
        (error) => error instanceof FormatError || error instanceof LimitError,
      );
    }),
    { numRuns: 100 },
  );
});
