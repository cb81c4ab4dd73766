import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { parseLocatedYaml } from './located-yaml.js';
import { parseYaml } from './yaml.js';

const text = `# a comment
rules:
  - id: one
    paths: [a,
      "b"]
  - two
plain: &anchor {deep: {er: 1}}
again: *anchor
? a key
: {d: e}
empty:
long: |
  three
  lines
last: x
---
other: 1
`;

test('places have lines', async () => {
  const { lineOf } = await parseLocatedYaml(text);
  const expected: Readonly<Record<string, number | undefined>> = {
    rules: 2,
    'rules[0]': 3,
    'rules[0].id': 3,
    'rules[0].paths': 4,
    'rules[0].paths[0]': 4,
    'rules[0].paths[1]': 5,
    'rules[1]': 6,
    'plain.deep.er': 7,
    again: 8,
    empty: 11,
    long: 12,
    last: 15,
    // Not there: what encloses them.
    'rules[0].regex': 3,
    'rules[7]': 2,
    'rules[0].paths[0].x[3].y': 4,
    'plain.missing.more': 7,
    // Nothing encloses them.
    other: undefined,
    'nothing.at.all': undefined,
    '': undefined,
  };
  for (const [place, line] of Object.entries(expected)) assert.equal(lineOf(place), line, place);
});

test('line breaks of all systems, a byte order mark, and a list at the top', async () => {
  const { lineOf } = await parseLocatedYaml('\uFEFFa: 1\r\nb: 2\n\nc: 3\n');
  assert.deepEqual(['a', 'b', 'c'].map(lineOf), [1, 2, 4]);
  const list = await parseLocatedYaml('- x\n- y: 1\n');
  assert.deepEqual(['[0]', '[1]', '[1].y'].map(list.lineOf), [1, 2, 2]);
  assert.equal((await parseLocatedYaml('')).root, undefined);
});

test('what is read is what the other reader reads, whatever the text', async () => {
  const pieces = fc.constantFrom(
    'a: ',
    '- ',
    '{b: c}',
    '[d, e]',
    '&x ',
    '*x',
    '\n',
    '  ',
    '"q"',
    '|\n  t',
    '? ',
    '---\n',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 12 }), async (parts) => {
      const made = parts.join('');
      const [located, plain] = await Promise.allSettled([parseLocatedYaml(made), parseYaml(made)]);
      assert.equal(located.status, plain.status, JSON.stringify(made));
      if (located.status === 'fulfilled') assert.deepEqual(located.value.root, (plain as { value?: unknown }).value);
      else assert.ok(located.reason instanceof FormatError);
    }),
    { numRuns: 500 },
  );
});
