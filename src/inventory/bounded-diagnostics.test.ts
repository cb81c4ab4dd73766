import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { BoundedDiagnostics } from './bounded-diagnostics.js';

test('keeps a thousand of each code, and counts the rest', () => {
  const diagnostics = new BoundedDiagnostics();
  for (let i = 0; i < 2500; i++) diagnostics.add({ code: 'a/b', severity: 'error', message: 'm', path: `${i}` });
  for (let i = 0; i < 1000; i++) diagnostics.add({ code: 'c/d', severity: 'warning', message: 'n', path: `${i}` });
  const list = diagnostics.list();
  assert.equal(list.length, 2001);
  assert.equal(list[0]!.path, '0');
  assert.deepEqual(list.at(-1), {
    code: 'a/b',
    severity: 'error',
    message: '1500 more of the same kind, which are not listed',
  });
  assert.equal(list.filter(({ code }) => code === 'c/d').length, 1000);
});
