/** What every version scheme promises. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { scheme as byId, schemes, type SchemeId } from './registry.js';
import { defineScheme, type Scheme } from './scheme.js';

test('ids are unique and in order, and found again', () => {
  const ids = schemes.map((member) => member.id);
  assert.deepEqual(ids, [...new Set(ids)].sort());
  for (const member of schemes) assert.equal(byId(member.id as SchemeId), member);
});

for (const scheme of schemes) {
  describe(scheme.id, () => {
    const version = versionsOf(scheme);
    const anything = fc.oneof(version, fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ maxLength: 30 }));

    test('tells where its order comes from', () => {
      assert.match(scheme.source, /^https:\/\//);
      assert.ok(scheme.title && scheme.alphabet.includes(' '));
    });

    test('reflexive and antisymmetric', () => {
      fc.assert(
        fc.property(version, version, (a, b) => {
          assert.equal(scheme.compare(a, a), scheme.valid(a) ? 0 : undefined);
          assert.equal(sign(scheme.compare(a, b)), negated(sign(scheme.compare(b, a))));
        }),
        { numRuns: 150 },
      );
    });

    test('transitive', () => {
      fc.assert(
        fc.property(version, version, version, (a, b, c) => {
          const sorted = [a, b, c].filter((text) => scheme.valid(text)).sort((x, y) => scheme.compare(x, y)!);
          for (let i = 0; i < sorted.length; i++) {
            for (let j = i; j < sorted.length; j++)
              assert.ok(scheme.compare(sorted[i]!, sorted[j]!)! <= 0, `${sorted}`);
          }
        }),
        { numRuns: 400 },
      );
    });

    test('comparators agree with the order', () => {
      fc.assert(
        fc.property(version.filter(startsWithDigit), version.filter(startsWithDigit), (a, b) => {
          const order = scheme.compare(a, b);
          const below = scheme.satisfies(a, `<${b}`);
          if (order !== undefined && below === true) assert.ok(order < 0);
        }),
        { numRuns: 100 },
      );
    });

    test('takes any text without throwing', () => {
      fc.assert(
        fc.property(anything, anything, (a, b) => {
          assert.equal(typeof scheme.valid(a), 'boolean');
          const order = scheme.compare(a, b);
          assert.equal(order === undefined, !scheme.valid(a) || !scheme.valid(b));
          assert.ok(order === undefined || Number.isFinite(order));
          for (const constraint of [b, `>=${b}`, `~> ${b} || ^${b}`, `[${a},${b})`]) scheme.satisfies(a, constraint);
        }),
        { numRuns: 150 },
      );
    });

    test('is linear in hostile texts', () => {
      const start = performance.now();
      for (const unit of ['1.', '-a', '1a', '>=1 ']) {
        const long = `1.0${unit.repeat(100_000 / unit.length)}`;
        scheme.compare(long, `${long}1`);
        scheme.satisfies('1.0.0', long);
        scheme.satisfies('1.0.0', `<${long}!`);
      }
      // Quadratic work on such lengths takes minutes.
      assert.ok(performance.now() - start < 5000);
    });
  });
}

test('a scheme keeps only a bounded number of compiled constraints', () => {
  let compiled = 0;
  const counting = defineScheme({
    id: 'counting',
    title: 'Counting',
    source: 'https://example.org/',
    alphabet: '1 2',
    parse: Number,
    order: (a, b) => a - b,
    range: (text) => {
      compiled++;
      return (version) => version < Number(text);
    },
  });
  for (let round = 0; round < 2; round++)
    for (let i = 0; i < 512; i++) assert.equal(counting.satisfies('1', `${i}`), i > 1);
  assert.equal(compiled, 512);
  counting.satisfies('1', '512');
  counting.satisfies('1', '0');
  assert.equal(compiled, 514);
  for (let round = 0; round < 2; round++) counting.satisfies('1', '9'.repeat(5000));
  assert.equal(compiled, 516);
});

function versionsOf(scheme: Scheme): fc.Arbitrary<string> {
  const fragment = fc.constantFrom(...scheme.alphabet.split(' '));
  const start = fc.constantFrom('1', 'v1', '1.0', '1.2.0', '0.0.1');
  return fc.tuple(start, fc.array(fragment, { maxLength: 5 })).map(([head, tail]) => head + tail.join(''));
}

function startsWithDigit(text: string): boolean {
  return /^[0-9]/.test(text);
}

function sign(order: number | undefined): number | undefined {
  return order === undefined ? undefined : Math.sign(order);
}

function negated(order: number | undefined): number | undefined {
  return order === undefined ? undefined : 0 - order;
}
