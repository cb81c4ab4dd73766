/** How the tables of the schemes' tests are read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scheme } from './scheme.js';

/** Each line is a list of versions in ascending order, separated by spaces; `a=b` are equal ones. */
export function testAscending(scheme: Scheme, ...lines: readonly string[]): void {
  test(`${scheme.id}: order`, () => {
    for (const line of lines) {
      const ranks = line.split(' ').map((equals) => equals.split('='));
      ranks.forEach((lows, i) => {
        ranks.forEach((highs, j) => {
          for (const a of lows) for (const b of highs) assertOrder(scheme, a, Math.sign(i - j), b);
        });
      });
    }
  });
}

export function assertOrder(scheme: Scheme, a: string, sign: number, b: string): void {
  const result = scheme.compare(a, b);
  assert.equal(result === undefined ? undefined : Math.sign(result), sign, `${a} ? ${b}`);
}

export function testValid(scheme: Scheme, valid: readonly string[], invalid: readonly string[]): void {
  test(`${scheme.id}: which texts are versions`, () => {
    for (const text of valid) assert.equal(scheme.valid(text), true, text);
    for (const text of invalid) {
      assert.equal(scheme.valid(text), false, text);
      assert.equal(scheme.compare(text, valid[0]!), undefined, text);
      assert.equal(scheme.compare(valid[0]!, text), undefined, text);
      assert.equal(scheme.satisfies(text, `>${valid[0]!}`), undefined, text);
    }
  });
}

/** Rows of a constraint, versions inside it and versions outside it, each list separated by spaces. */
export function testSatisfies(
  scheme: Scheme,
  rows: readonly (readonly [constraint: string, inside: string, outside: string])[],
): void {
  test(`${scheme.id}: constraints`, () => {
    for (const [constraint, inside, outside] of rows) {
      for (const version of words(inside)) assertSatisfies(scheme, version, constraint, true);
      for (const version of words(outside)) assertSatisfies(scheme, version, constraint, false);
    }
  });
}

export function testUndecidable(scheme: Scheme, version: string, constraints: readonly string[]): void {
  test(`${scheme.id}: undecidable constraints`, () => {
    for (const constraint of constraints) assertSatisfies(scheme, version, constraint, undefined);
  });
}

function assertSatisfies(scheme: Scheme, version: string, constraint: string, expected: boolean | undefined): void {
  assert.equal(scheme.satisfies(version, constraint), expected, `${version} in ${constraint}`);
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
