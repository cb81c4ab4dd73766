import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { parseToml } from './toml.js';
import { entriesOf, fieldOf, isTable, listOf, textOf, textsOf } from './untyped.js';

const document = `\uFEFFtitle = "x"
big = 9223372036854775807
when = 1979-05-27T07:32:00Z
"__proto__" = { polluted = true }
names = ["a", 1, "b"]
[[package]]
name = "one"
[package.dependencies]
two = ">=1"
`;

test('a document reads as plain values', async () => {
  const root = await parseToml(document);
  assert.equal(textOf(root, 'title'), 'x');
  assert.equal(fieldOf(root, 'big'), 9223372036854775807n);
  assert.deepEqual(textsOf(root, 'names'), ['a', 'b']);
  const [first] = listOf(root, 'package');
  assert.equal(textOf(first, 'name'), 'one');
  assert.deepEqual(entriesOf(first, 'dependencies'), [['two', '>=1']]);
});

test('keys never reach a prototype', async () => {
  const root = await parseToml(document);
  assert.equal(textOf({}, 'constructor', 'name'), undefined);
  assert.equal(fieldOf({}, 'toString'), undefined);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  assert.equal(fieldOf(root, '__proto__', 'polluted'), true);
});

test('the wrong type reads as absent', () => {
  for (const value of [undefined, null, 1, 'x', [], {}]) {
    assert.equal(textOf(value, 'a', 'b'), undefined);
    assert.deepEqual(listOf(value, 'a'), []);
    assert.deepEqual(entriesOf(value, 'a'), []);
  }
  assert.ok(!isTable([]));
});

test('a mistake is a FormatError with its line', async () => {
  await assert.rejects(parseToml('a = 1\nb = = 2\n'), /line 2/);
});

test('damaged documents throw nothing but FormatError', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(document.length), fc.string({ maxLength: 4 }), async (at, inserted) => {
      try {
        await parseToml(document.slice(0, at) + inserted);
        await parseToml(document.slice(0, at) + inserted + document.slice(at + 1));
      } catch (error) {
        assert.ok(error instanceof FormatError);
      }
    }),
  );
});
