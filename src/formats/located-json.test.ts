import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { parseLocatedJson } from './located-json.js';
import { fieldOf } from './untyped.js';

/** Values only: without the prototype-less objects that deepEqual tells apart. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('parses what JSON.parse parses, to the same values', () => {
  fc.assert(
    fc.property(fc.json(), fc.integer({ min: 0, max: 3 }), (text, indent) => {
      const pretty = JSON.stringify(JSON.parse(text), null, indent);
      assert.deepEqual(plain(parseLocatedJson(pretty).root), JSON.parse(JSON.stringify(JSON.parse(text))));
    }),
  );
});

test('accepts and refuses the same mutated texts as JSON.parse', () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', '{', '"', ',', '\\', '\u0001', '1', 'e', '/'),
      (text, at, edit) => {
        const index = at % (text.length + 1);
        const mutated = text.slice(0, index) + edit + text.slice(index + 1);
        let expected: unknown = FormatError;
        try {
          expected = JSON.stringify(JSON.parse(mutated));
        } catch {
          assert.throws(() => parseLocatedJson(mutated), FormatError);
          return;
        }
        assert.equal(JSON.stringify(parseLocatedJson(mutated).root), expected);
      },
    ),
    { numRuns: 500 },
  );
});

test('tells the lines of objects, arrays and elements', () => {
  const json = parseLocatedJson('{\n "a": {\n  "b": [\n   "x",\n\n   {}\n  ]\n },\r\n "c": {}\n}\n');
  assert.deepEqual(json.linesOf(json.root), { start: 1, end: 10 });
  assert.deepEqual(json.linesOf(fieldOf(json.root, 'a')), { start: 2, end: 8 });
  const list = fieldOf(json.root, 'a', 'b') as unknown[];
  assert.deepEqual(json.linesOf(list), { start: 3, end: 7 });
  assert.deepEqual(json.lineOfElement(list, 0), { start: 4, end: 4 });
  assert.deepEqual(json.lineOfElement(list, 1), { start: 6, end: 6 });
  assert.deepEqual(json.linesOf(fieldOf(json.root, 'c')), { start: 9, end: 9 });
  assert.equal(json.linesOf('x'), undefined);
  assert.equal(json.lineOfElement(list, 2), undefined);
});

test('relaxed syntax has comments and trailing commas', () => {
  const text = '// one\n{ "a": [1, 2,], /* two\nlines */ "b": {},\n}';
  const json = parseLocatedJson(text, { relaxed: true });
  assert.deepEqual(plain(json.root), { a: [1, 2], b: {} });
  assert.deepEqual(json.linesOf(json.root), { start: 2, end: 4 });
  for (const strict of [text, '[1,]', '{"a":1,}', '[1]//']) assert.throws(() => parseLocatedJson(strict), FormatError);
  for (const wrong of ['[,]', '[1,,]', '{,}', '/* [1]', '[1] /']) {
    assert.throws(() => parseLocatedJson(wrong, { relaxed: true }), FormatError);
  }
});

test('hostile documents stay data', () => {
  const json = parseLocatedJson('\uFEFF{"__proto__": {"polluted": 1}, "constructor": 2}');
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  assert.equal(fieldOf(json.root, '__proto__', 'polluted'), 1);
  assert.equal(fieldOf(json.root, 'toString'), undefined);
  assert.throws(() => parseLocatedJson('['.repeat(100_000)), /deeper than 1000/);
  assert.throws(() => parseLocatedJson('{\n"a"'), /unexpected end in line 2/);
});
