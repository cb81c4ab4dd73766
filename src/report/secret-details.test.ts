import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result, Secret } from '#model';
import type { FormatOptions } from './format.js';
import { secretDetails } from './secret-details.js';

const line = (number: number, content: string, cause = false, first = cause, last = cause) => ({
  number,
  content,
  isCause: cause,
  truncated: false,
  firstCause: first,
  lastCause: last,
});

const secret: Secret = {
  kind: 'secret',
  ruleId: 'rule',
  category: 'Provider',
  severity: 'HIGH',
  title: 'A token',
  startLine: 2,
  endLine: 3,
  code: [line(1, 'a'), line(2, 'k=***', true, true, false), line(3, '***', true, false, true)],
  match: 'k=***',
  offset: 4,
  layer: { diffId: 'sha256:0123456789abcdef', createdBy: 'COPY . .' },
};

const render = (more: Partial<Secret>, target = '/app/a.txt'): string =>
  secretDetails(
    { target, class: 'secret', vulnerabilities: [], secrets: [{ ...secret, ...more }] } satisfies Result,
    'HIGH: 1',
    { width: 10 } as FormatOptions,
    (text) => text,
  );

test('what, where, and the lines', () => {
  assert.equal(
    render({}),
    `
/app/a.txt (secrets)
====================
Total: 1 (HIGH: 1)

HIGH: Provider (rule)
══════════
A token
──────────
 /app/a.txt:2-3 (offset: 4 bytes) (added by 'COPY . .')
──────────
   1   a
   2 ┌ k=***
   3 └ ***
──────────


`,
  );
});

test('the layer where its instruction is not known', () => {
  assert.match(render({ layer: { diffId: 'sha256:0123456789abcdef' } }), /\(added in layer '0123456789ab'\)/);
  assert.match(render({ layer: { diffId: 'x', createdBy: 'y'.repeat(50) } }), /\(added by 'y{40}'\)/);
});

test('nothing from the target reaches the terminal as it is', () => {
  const hostile = '\u001b[31mred\u0007\nnext';
  const text = render({ code: [line(1, hostile, true)], layer: { diffId: 'x', createdBy: hostile } }, hostile);
  assert.doesNotMatch(text, /[\u001b\u0007]/);
  assert.doesNotMatch(text, /^next/m);
});
