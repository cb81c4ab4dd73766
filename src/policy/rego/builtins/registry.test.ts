import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { builtins, refused } from './registry.js';

const guide = readFileSync(new URL('../../../../docs/filters.md', import.meta.url), 'utf8');
/** Written as signs. */
const operators = ['and', 'div', 'equal', 'gt', 'gte', 'lt', 'lte', 'minus', 'mul', 'neq', 'or', 'plus', 'rem'];

test('the guide lists the functions that there are', () => {
  const table = guide.slice(guide.indexOf('| of | names |'), guide.indexOf('Everything else is an error'));
  const told = [...table.matchAll(/`([\w.]+)`/g)].map(([, name]) => name!);
  const named = [...builtins.keys()].filter((name) => !/^(?:internal|data)\./.test(name) && !operators.includes(name));
  // `print` is a statement, not a function.
  assert.deepEqual(told.sort(), [...named, 'print'].sort());
});

test('no function is both there and not allowed', () => {
  for (const name of refused.keys()) assert.ok(!builtins.has(name), name);
});
