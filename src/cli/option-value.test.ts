import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { PratiqueError } from '#base';
import type { OptionSpec, OptionType } from './option.js';
import { optionTable } from './option-table.js';
import { defaultValue, splitList, toValue, type OptionValue } from './option-value.js';

const spec = (type: OptionType, more: Partial<OptionSpec> = {}): OptionSpec => ({
  type,
  group: 'Scan',
  default: '',
  about: '',
  ...more,
});

const severities = spec('list', { values: ['LOW', 'HIGH'], valueAliases: { important: 'HIGH' } });

test('values by type', () => {
  const cases: readonly (readonly [OptionSpec, string | readonly string[], OptionValue])[] = [
    [spec('flag'), 'true', true],
    [spec('flag'), 'T', true],
    [spec('flag'), '1', true],
    [spec('flag'), 'False', false],
    [spec('flag'), '0', false],
    [spec('flag'), ['true', 'false'], false],
    [spec('number'), '7', 7],
    [spec('number'), '-1', -1],
    [spec('number'), '+1', 1],
    [spec('number'), '007', 7],
    [spec('duration'), '0', 0],
    [spec('duration'), '5m0s', 300_000],
    [spec('duration'), '1h1m1s1ms', 3_661_001],
    [spec('duration'), '1.5s', 1500],
    [spec('duration'), '300s', 300_000],
    [spec('duration'), '1500us', 1.5],
    [spec('size'), '', 0],
    [spec('size'), '10', 10],
    [spec('size'), '10B', 10],
    [spec('size'), '1kb', 1000],
    [spec('size'), '1.5 GB', 1_500_000_000],
    [spec('size'), '1KiB', 1024],
    [spec('size'), '2m', 2_000_000],
    [spec('text'), ['a', 'b'], 'b'],
    [spec('text'), 'a,b', 'a,b'],
    [spec('text', { values: ['json'] }), 'JSON', 'json'],
    [spec('list'), 'a, b,,c', ['a', 'b', 'c']],
    [spec('list'), ['a,b', 'c'], ['a', 'b', 'c']],
    [spec('list'), '', []],
    [spec('list'), '"a,b",c', ['a,b', 'c']],
    [severities, 'high,LOW', ['HIGH', 'LOW']],
    [severities, 'important', ['HIGH']],
    [spec('texts'), ['a,b', '', 'c'], ['a,b', 'c']],
  ];
  for (const [of, texts, value] of cases) {
    const list = typeof texts === 'string' ? [texts] : texts;
    assert.deepEqual(toValue(of, list, '--x'), value, `${of.type} ${String(texts)}`);
  }
});

test('whole elements of a list keep their commas', () => {
  assert.deepEqual(toValue(spec('list'), ['{a,b}', ' c '], 'x', true), ['{a,b}', 'c']);
});

test('what is no such value', () => {
  const cases: readonly (readonly [OptionSpec, string, RegExp])[] = [
    [spec('flag'), 'yes', /^--x is "yes", but must be true or false$/],
    [spec('flag'), '', /true or false/],
    [spec('number'), '1.5', /a whole number/],
    [spec('number'), '1e3', /a whole number/],
    [spec('number'), '9999999999', /a whole number/],
    [spec('number'), '', /a whole number/],
    [spec('duration'), '5', /a duration such as 5m0s/],
    [spec('duration'), '-5m', /a duration/],
    [spec('duration'), '5 m', /a duration/],
    [spec('duration'), '1d', /a duration/],
    [spec('size'), '-1', /a size such as 10MB/],
    [spec('size'), '10XB', /a size/],
    [spec('size'), 'toS', /a size/],
    [spec('text', { values: ['a', 'b'] }), 'c', /one of a, b/],
    [severities, 'LOW,MEDIUM', /^--x is "MEDIUM", but must be one of LOW, HIGH$/],
    [severities, '__proto__', /one of/],
    [severities, 'constructor', /one of/],
    [spec('map'), 'x', /in the configuration file/],
  ];
  for (const [of, text, message] of cases)
    assert.throws(() => toValue(of, [text], '--x'), { code: 'usage/invalid', message }, text);
});

test('any text becomes a value or is refused, quickly', () => {
  const types: readonly OptionType[] = ['flag', 'number', 'duration', 'size', 'text', 'list', 'texts'];
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.string(), (type, text) => {
      try {
        toValue(spec(type), [text], 'x');
      } catch (error) {
        assert.ok(error instanceof PratiqueError, String(error));
      }
    }),
  );
  const start = performance.now();
  for (const text of [
    '1'.repeat(100_000),
    '1m'.repeat(50_000),
    '"'.repeat(20_001),
    ' '.repeat(100_000),
    '"a" '.repeat(20_000),
  ])
    for (const type of types)
      try {
        toValue(spec(type), [text], 'x');
      } catch (error) {
        assert.ok(error instanceof PratiqueError);
      }
  assert.ok(performance.now() - start < 1000);
});

test('parts of a list', () => {
  const cases: Readonly<Record<string, string[]>> = {
    'a,b': ['a', 'b'],
    '"a,b" , c': ['a,b', 'c'],
    '"say ""x""",b': ['say "x"', 'b'],
    'a"b,c': ['a"b', 'c'],
    '': [''],
  };
  for (const [text, parts] of Object.entries(cases)) assert.deepEqual(splitList(text), parts, text);
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (parts) => {
      const text = parts.map((part) => `"${part.replaceAll('"', '""')}"`).join(',');
      assert.deepEqual(splitList(text), parts);
    }),
  );
});

test('every default of the table is a value of its option', () => {
  for (const [name, of] of Object.entries(optionTable) as [string, OptionSpec][]) {
    const value = defaultValue(of);
    const kinds = { flag: 'boolean', number: 'number', duration: 'number', size: 'number', text: 'string' } as const;
    if (of.type in kinds) assert.equal(typeof value, kinds[of.type as keyof typeof kinds], name);
    else assert.equal(Array.isArray(value), of.type !== 'map', name);
    if (of.values && value !== '') for (const one of [value].flat()) assert.ok(of.values.includes(String(one)), name);
  }
});
