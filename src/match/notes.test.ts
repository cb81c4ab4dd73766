import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Notes } from './notes.js';

test('things of one kind are one diagnostic, each counted once, five shown', () => {
  const notes = new Notes();
  for (const name of ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g']) notes.add('match/third-party', 'left out', name);
  notes.add('match/third-party', 'left out for another reason', 'h');
  notes.state('match/unsupported', 'nothing to match');
  assert.deepEqual(notes.diagnostics(), [
    { code: 'match/third-party', severity: 'info', message: 'left out: 7 (a, b, c, d, e and 2 more)' },
    { code: 'match/third-party', severity: 'info', message: 'left out for another reason: 1 (h)' },
    { code: 'match/unsupported', severity: 'error', message: 'nothing to match' },
  ]);
});
