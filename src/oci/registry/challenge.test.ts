import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { chooseChallenge, parseChallenges } from './challenge.js';

const plain = (header: string | undefined) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

test('challenges', () => {
  const cases: readonly [string | undefined, unknown][] = [
    [undefined, []],
    ['Basic realm="x"', [['basic', { realm: 'x' }]]],
    [
      'Bearer realm="https://t/token",service="s",scope="repository:a/b:pull,push"',
      [['bearer', { realm: 'https://t/token', service: 's', scope: 'repository:a/b:pull,push' }]],
    ],
    ['Bearer realm=https://t/token, service = s', [['bearer', { realm: 'https://t/token', service: 's' }]]],
    [
      'Negotiate, Basic realm="a, b=\\"c\\"", Bearer Realm="r"',
      [
        ['negotiate', {}],
        ['basic', { realm: 'a, b="c"' }],
        ['bearer', { realm: 'r' }],
      ],
    ],
    ['realm="lost"', []],
    [', ,;', []],
  ];
  for (const [header, expected] of cases) assert.deepEqual(plain(header), expected, header);
});

const choice = (header: string): string | undefined => chooseChallenge(parseChallenges(header))?.scheme;

test('a token is preferred to a password', () => {
  assert.equal(choice('Basic realm="x", Bearer realm="https://t"'), 'bearer');
  assert.equal(choice('Bearer, Basic realm="x"'), 'basic');
  assert.equal(choice('Negotiate'), undefined);
});

test('any text parses, in time', () => {
  const parts = fc.constantFrom('Bearer', ' ', ',', '=', '"', '\\', 'realm', '\n', '=""', 'x'.repeat(50));
  fc.assert(fc.property(fc.array(parts, { maxLength: 60 }), (some) => Array.isArray(parseChallenges(some.join('')))));
  const started = performance.now();
  for (const hostile of [
    '"'.repeat(1e5),
    'a '.repeat(1e5),
    '\\'.repeat(1e5),
    `a="${'\\a'.repeat(1e5)}`,
    'a="'.repeat(1e5),
  ])
    parseChallenges(hostile);
  assert.ok(performance.now() - started < 1000);
});
