import assert from 'node:assert/strict';
import { createHash as reference } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createHash, type HashAlgorithm, randomHex } from './hash.js';

test('the digests of node:crypto', () => {
  const algorithms: readonly HashAlgorithm[] = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];
  fc.assert(
    fc.property(fc.constantFrom(...algorithms), fc.string(), fc.uint8Array(), (algorithm, text, bytes) => {
      for (const encoding of ['hex', 'base64'] as const) {
        const expected = reference(algorithm).update(text).update(bytes).digest(encoding);
        assert.equal(createHash(algorithm).update(text).update(bytes).digest(encoding), expected);
      }
    }),
  );
});

test('random digits', () => {
  assert.match(randomHex(8), /^[0-9a-f]{16}$/);
  assert.notEqual(randomHex(8), randomHex(8));
});
