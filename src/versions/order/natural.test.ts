import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compareDigitRuns, compareNaturals, natural, successor } from './natural.js';

const number = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 22n }),
  fc.bigInt({ min: 10n ** 15n - 3n, max: 10n ** 15n + 3n }),
);
const zeros = fc.constantFrom('', '0', '000');

test('numbers of any length compare by value', () => {
  fc.assert(
    fc.property(number, number, zeros, zeros, (a, b, aZeros, bZeros) => {
      const x = aZeros + a;
      const y = bZeros + b;
      const expected = a < b ? -1 : a > b ? 1 : 0;
      assert.equal(Math.sign(compareNaturals(natural(x, 0, x.length), natural(y, 0, y.length))), expected);
      assert.equal(Math.sign(compareDigitRuns(x, 0, x.length, y, 0, y.length)), expected);
    }),
  );
});

test('the successor is the next number', () => {
  fc.assert(
    fc.property(number, (a) => {
      const text = String(a);
      const next = String(a + 1n);
      assert.deepEqual(successor(natural(text, 0, text.length)), natural(next, 0, next.length));
    }),
  );
  assert.deepEqual(successor(natural('9'.repeat(20), 0, 20)), natural(`1${'0'.repeat(20)}`, 0, 21));
});
