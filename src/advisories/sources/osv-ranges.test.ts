import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { scheme } from '#versions';
import { osvConstraints } from './osv-ranges.js';

const generic = scheme('generic');

const cases: readonly (readonly [events: readonly object[], constraints: readonly string[]])[] = [
  [[{ introduced: '1.0' }, { fixed: '1.2' }], ['>=1.0, <1.2']],
  [[{ introduced: '0' }, { fixed: '1.2' }], ['<1.2']],
  [[{ introduced: '0' }], ['>=0']],
  [[{ introduced: '2' }], ['>=2']],
  [[{ introduced: '0' }, { last_affected: '1.2' }], ['<=1.2']],
  [
    [{ introduced: '1' }, { fixed: '2' }, { introduced: '3' }, { last_affected: '4' }],
    ['>=1, <2', '>=3, <=4'],
  ],
  [
    [{ introduced: '3' }, { fixed: '4' }, { introduced: '1' }, { fixed: '2' }],
    ['>=1, <2', '>=3, <4'],
  ],
  [[{ fixed: '2' }, { introduced: '0' }], ['<2']],
  [[{ introduced: '1' }, { introduced: '1.5' }, { fixed: '2' }, { fixed: '3' }], ['>=1, <2']],
  [
    [{ introduced: '1' }, { fixed: '2' }, { introduced: '2' }, { fixed: '3' }],
    ['>=1, <2', '>=2, <3'],
  ],
  [[{ introduced: 'nightly' }, { fixed: '2' }], ['>=nightly, <2']],
  [[], []],
];

test('events become constraints', () => {
  for (const [events, constraints] of cases) assert.deepEqual(osvConstraints({ events }, generic), constraints);
});

test('a range without a beginning and events of other kinds are refused', () => {
  for (const events of [[{ fixed: '1' }], [{ introduced: '0' }, { limit: '*' }], [7], [{ introduced: '' }]])
    assert.throws(() => osvConstraints({ events }, generic), FormatError, JSON.stringify(events));
});

test('constraints admit what the evaluation of the specification does', () => {
  const kinds = fc.constantFrom('introduced', 'fixed', 'last_affected');
  const events = fc.uniqueArray(fc.record({ kind: kinds, at: fc.integer({ min: 1, max: 12 }) }), {
    selector: ({ at }) => at,
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(events, fc.integer({ min: 0, max: 14 }), (list, version) => {
      const whole = [{ kind: 'introduced', at: 0 }, ...list];
      const constraints = osvConstraints({ events: whole.map(({ kind, at }) => ({ [kind]: String(at) })) }, generic);
      const admitted = constraints.some((constraint) => generic.satisfies(String(version), constraint));
      assert.equal(admitted, evaluate(whole, version), JSON.stringify([constraints, version]));
    }),
  );
});

/** The algorithm of https://ossf.github.io/osv-schema/#evaluation, on numbers. */
function evaluate(events: readonly { readonly kind: string; readonly at: number }[], version: number): boolean {
  let vulnerable = false;
  for (const { kind, at } of events.toSorted((a, b) => a.at - b.at)) {
    if (kind === 'introduced' && version >= at) vulnerable = true;
    else if (kind === 'fixed' && version >= at) vulnerable = false;
    else if (kind === 'last_affected' && version > at) vulnerable = false;
  }
  return vulnerable;
}
