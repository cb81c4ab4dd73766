import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, jsonValue, property } from 'fast-check';
import { jsonText } from './json-text.js';

const write = (value: unknown): string => [...jsonText(value)].join('');

test('maps and iterators are written as the objects and arrays they stand for', () => {
  const streamed = new Map<string, unknown>([
    ['a', [1, { b: null }]],
    ['none', undefined],
    ['c', [new Map<string, unknown>([['d', [].values()]]), 'x'].values()],
    ['__proto__', new Map()],
  ]);
  const plain = `{"a":[1,{"b":null}],"c":[{"d":[]},"x"],"__proto__":{}}`;
  assert.deepEqual(JSON.parse(write(streamed)), JSON.parse(plain));
  assert.equal(write(new Map([['a', [{ b: 1 }].values()]])), JSON.stringify({ a: [{ b: 1 }] }, null, 2));
});

test('any value reads back as it was', () => {
  check(
    property(jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(write(value)), JSON.parse(JSON.stringify(value)));
      assert.deepEqual(
        JSON.parse(write(new Map([['x', [value].values()]]))),
        JSON.parse(JSON.stringify({ x: [value] })),
      );
    }),
  );
});

test('no control character reaches a terminal', () => {
  const hostile = '\u001b[31m\u009b2J\u007f\u202edetalpmet\u2028';
  // eslint-disable-next-line no-control-regex
  assert.match(write({ [hostile]: hostile }), /^[\n\u0020-\u007e]*$/);
});
