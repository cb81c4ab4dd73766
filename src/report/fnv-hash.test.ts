import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, property, string } from 'fast-check';
import { fnv1 } from './fnv-hash.js';

/** By the definition. */
function reference(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, hash * 0x100000001b3n) ^ BigInt(byte);
  return hash.toString(16);
}

test('known hashes', () => {
  assert.equal(fnv1(''), 'cbf29ce484222325');
  assert.equal(fnv1('a'), 'af63bd4c8601b7be');
});

test('any text', () => {
  check(property(string({ unit: 'grapheme', maxLength: 60 }), (text) => assert.equal(fnv1(text), reference(text))));
});
