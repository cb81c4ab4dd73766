import assert from 'node:assert/strict';
import type { Ran } from './program.js';

/** What every failure looks like: exit code 1, nothing on stdout, one error line that matches and ends with a hint. */
export function assertFails(ran: Ran, message: RegExp): void {
  const told = JSON.stringify(ran);
  assert.equal(ran.code, 1, told);
  assert.equal(ran.stdout, '', told);
  const errors = ran.stderr.split('\n').filter((line) => /\bERROR\b/.test(line));
  assert.equal(errors.length, 1, told);
  assert.match(errors[0]!, message);
  assert.match(errors[0]!, /\([^()]+(?:\([^()]*\)[^()]*)*\)$/, 'no hint');
  assert.doesNotMatch(ran.stderr, /a bug in pratique|\n\s+at /, told);
}
