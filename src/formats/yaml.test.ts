import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { fieldOf } from './untyped.js';
import { parseYaml, parseYamlDocuments } from './yaml.js';

test('scalars stay text', async () => {
  const text = 'a: 1.10\nb: true\nc: ~\nd:\ne: 2024-01-01\nf: {g: 0x10}\nh: [1e3, null]\n';
  assert.deepEqual(await parseYaml(text), {
    a: '1.10',
    b: 'true',
    c: '~',
    d: '',
    e: '2024-01-01',
    f: { g: '0x10' },
    h: ['1e3', 'null'],
  });
});

test('documents', async () => {
  assert.deepEqual(await parseYamlDocuments('\uFEFFa: 1\n---\nb: 2\n'), [{ a: '1' }, { b: '2' }]);
  assert.equal(await parseYaml(''), undefined);
});

test('mistakes name their line', async () => {
  await assert.rejects(parseYaml('a: 1\nb: [c\n'), (e) => e instanceof FormatError && /line [23]/.test(e.message));
  await assert.rejects(parseYaml('a: 1\na: 2\n'), FormatError);
  await assert.rejects(parseYaml('a: !!python/object:x y\n'), FormatError);
});

test('hostile documents stay data and small', async () => {
  const polluted = await parseYaml('__proto__: {polluted: 1}\n');
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  assert.equal(fieldOf(polluted, '__proto__', 'polluted'), '1');
  await assert.rejects(parseYaml('['.repeat(10_000)), FormatError);
  await assert.rejects(parseYaml(`a: &a 1\nb: [${'*a,'.repeat(2000)}]\n`), FormatError);
  const laughs = ['a0: &a0 [x]'];
  for (let i = 1; i < 60; i++) laughs.push(`a${i}: &a${i} [*a${i - 1},*a${i - 1}]`);
  assert.ok(await parseYaml(laughs.join('\n')));
});

test('mutated documents parse or are refused', async () => {
  const text = 'lockfileVersion: "9.0"\nimporters:\n  .:\n    dependencies:\n      a: {version: 1.0.0}\n  - x\n# c\n';
  await fc.assert(
    fc.asyncProperty(
      fc.nat(text.length - 1),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      async (at, char) => {
        await parseYaml(text.slice(0, at) + char + text.slice(at + 1)).catch((error: unknown) =>
          assert.ok(error instanceof FormatError),
        );
        await parseYaml(text.slice(0, at)).catch((error: unknown) => assert.ok(error instanceof FormatError));
      },
    ),
  );
});
