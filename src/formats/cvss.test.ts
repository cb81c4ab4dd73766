import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { cvssScorer } from './cvss.js';

/**
 * Scores as FIRST publishes them: https://www.first.org/cvss/v2/guide (section 3.3), https://www.first.org/cvss/v3.1/examples,
 * https://www.first.org/cvss/v4.0/examples.
 */
const published: readonly (readonly [vector: string, version: string, score: number])[] = [
  ['AV:N/AC:L/Au:N/C:N/I:N/A:C', '2.0', 7.8],
  ['AV:N/AC:L/Au:N/C:C/I:C/A:C', '2.0', 10],
  ['AV:L/AC:H/Au:N/C:C/I:C/A:C', '2.0', 6.2],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', '3.0', 6.1],
  ['CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', '3.0', 6.4],
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', '3.1', 8.8],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N', '3.1', 5.3],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', '3.1', 7.5],
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', '3.1', 3.1],
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H', '3.1', 9.9],
  ['CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', '3.1', 6.8],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', '3.1', 0],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RC:U', '3.1', 8.5],
  ['CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 7.3],
  ['CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 7.7],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N', '4.0', 8.8],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', '4.0', 10],
];

test('published scores', async () => {
  const score = await cvssScorer();
  for (const [vector, version, value] of published) assert.deepEqual(score(vector), { version, score: value }, vector);
});

test('what is no vector, or not a whole one, has no score', async () => {
  const score = await cvssScorer();
  const whole = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
  for (const text of [
    '',
    'HIGH',
    'CVSS:3.1/AV:N',
    'CVSS:5.0/AV:N',
    'CVSS:4.0/AV:N/AC:L',
    'AV:N/AC:L',
    `${whole}/`,
    ` ${whole}`,
    whole.replace('AV:N', 'AV:Q'),
    whole.replace('/A:H', '/Z:H'),
    whole.replace('3.1', '4.0'),
    `${whole}${'/A:H'.repeat(100)}`,
  ])
    assert.equal(score(text), undefined, text);
});

test('any text is scored from 0 to 10, or not at all', async () => {
  const score = await cvssScorer();
  const metric = fc.constantFrom(
    'AV:N',
    'AC:L',
    'Au:N',
    'PR:N',
    'UI:R',
    'S:C',
    'C:H',
    'I:P',
    'A:X',
    'VC:H',
    'E:U',
    'x',
    '',
  );
  const vector = fc.tuple(fc.constantFrom('CVSS:3.1', 'CVSS:3.0', 'CVSS:4.0', ''), fc.array(metric, { maxLength: 12 }));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        vector.map(([head, metrics]) => [head, ...metrics].filter(Boolean).join('/')),
      ),
      (text) => {
        const found = score(text);
        assert.ok(found === undefined || (found.score >= 0 && found.score <= 10));
      },
    ),
  );
});
