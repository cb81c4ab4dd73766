import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, array, constantFrom, nat, oneof, property, record, uniqueArray } from 'fast-check';
import { createKeywordIndex } from './keyword-index.js';

/** Every place of every keyword, looked for one by one. */
function everywhere(keywords: readonly string[], text: string, count: number): string[] {
  const places: string[] = [];
  keywords.forEach((keyword, k) => {
    for (let at = 0; at < count; at++) if (text.toLowerCase().startsWith(keyword, at)) places.push(`${k}@${at}`);
  });
  return places.sort();
}

function indexed(keywords: readonly string[], text: string, count: number): string[] {
  const places: string[] = [];
  createKeywordIndex(keywords).scan(Buffer.from(text, 'latin1'), count, (k, at) => places.push(`${k}@${at}`));
  return places.sort();
}

const letters = constantFrom('a', 'b', 'A', 'B', '_', '-', '.', '1', '9', '=', '"', ' ', '\n', '\xe9', '\0');
const word = array(letters, { minLength: 1, maxLength: 7 })
  .map((cs) => cs.join('').replace(/[A-Z]/g, (c) => c.toLowerCase()))
  .filter((text) => /^[\0-\x7f]+$/.test(text));

test('finds what a plain search finds, at even and odd places, up to the end', () => {
  const input = record({
    keywords: uniqueArray(word, { minLength: 1, maxLength: 6 }),
    parts: array(oneof(letters, nat(5)), { maxLength: 60 }),
  });
  check(
    property(input, ({ keywords, parts }) => {
      const text = parts.map((part) => (typeof part === 'number' ? (keywords[part] ?? '') : part)).join('');
      for (const count of [text.length, text.length >> 1])
        assert.deepEqual(indexed(keywords, text, count), everywhere(keywords, text, count));
    }),
    { numRuns: 500 },
  );
});

test('knows its longest keyword', () => {
  assert.equal(createKeywordIndex(['ghp_', 'azurecr.io', 'key']).longest, 10);
  assert.equal(createKeywordIndex([]).longest, 0);
});
