import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, constantFrom, oneof, property } from 'fast-check';
import type { Secret } from '#model';
import { byteSourceOf } from './byte-source.js';
import { describeSecrets } from './describe-secrets.js';

const rule = { id: 'r', category: 'c', title: 't', severity: 'LOW' } as const;

/** Every `<…>` of the text is a secret; the marks are not part of the file. */
function described(marked: string): Secret[] {
  const found: { rule: typeof rule; start: number; end: number }[] = [];
  let text = '';
  for (const part of marked.split(/(<[^>]*>)/)) {
    const start = Buffer.byteLength(text);
    text += part.replace(/^<|>$/g, '');
    if (part.startsWith('<')) found.push({ rule, start, end: Buffer.byteLength(text) });
  }
  return describeSecrets(byteSourceOf(new TextEncoder().encode(text)), found);
}

const lines = (secret: Secret): string[] =>
  secret.code.map((line) => {
    const mark = line.isCause
      ? line.firstCause && line.lastCause
        ? '['
        : line.firstCause
          ? '┌'
          : line.lastCause
            ? '└'
            : '│'
      : ' ';
    return `${line.number}${mark}${line.content}`;
  });

test('two lines before, one after, the secret hidden', () => {
  const [secret] = described('a\nb\nc\nkey=<secret>;\nd\ne\n');
  assert.deepEqual(lines(secret!), ['2 b', '3 c', '4[key=******;', '5 d']);
  assert.equal(secret!.match, 'key=******;');
  assert.deepEqual([secret!.startLine, secret!.endLine, secret!.offset], [4, 4, 10]);
});

test('at the edges of the file', () => {
  assert.deepEqual(lines(described('<x>')[0]!), ['1[*']);
  assert.deepEqual(lines(described('<x>\n')[0]!), ['1[*', '2 ']);
  assert.deepEqual(lines(described('\n<x>')[0]!), ['1 ', '2[*']);
});

test('over several lines', () => {
  const [secret] = described('begin\n<ab\n\ncde>\nend');
  assert.deepEqual(lines(secret!), ['1 begin', '2┌**', '3│', '4└***', '5 end']);
  assert.deepEqual([secret!.startLine, secret!.endLine, secret!.match], [2, 4, '**']);
});

test('all secrets are hidden wherever they would be shown', () => {
  const [first, second] = described('a=<one>\nb=<two> c\n');
  assert.deepEqual(lines(first!), ['1[a=***', '2 b=*** c']);
  assert.deepEqual(lines(second!), ['1 a=***', '2[b=*** c', '3 ']);
});

test('long lines are shown around the secret, or cut', () => {
  const [secret] = described(`${'y'.repeat(200)}\n${'x'.repeat(80)}<abc>${'z'.repeat(80)}\n${'w'.repeat(101)}`);
  assert.deepEqual(lines(secret!), [
    `1 ${'y'.repeat(100)}`,
    `2[${'x'.repeat(30)}***${'z'.repeat(20)}`,
    `3 ${'w'.repeat(100)}`,
  ]);
});

test('line ends of other systems, other scripts, and bytes that are no text', () => {
  const [secret] = described('один\r\nкод=<abc>\r\nдва\r\n');
  assert.deepEqual(lines(secret!), ['1 один', '2[код=***', '3 два']);
  const bytes = Uint8Array.of(0xff, 0xfe, 0x20, 0x61, 0x62);
  const [raw] = describeSecrets(byteSourceOf(bytes), [{ rule, start: 3, end: 5 }]);
  assert.equal(raw!.match, '\ufffd **');
});

test('no byte of a secret is ever shown', () => {
  const part = oneof(
    constantFrom('\n', '\r\n', 'x', 'yy '.repeat(20), 'é', 'z'.repeat(130)),
    array(constantFrom('S', '\n', 'SS'), { minLength: 1, maxLength: 40 }).map((cs) => `<${cs.join('')}S>`),
  );
  check(
    property(array(part, { maxLength: 40 }), (parts) => {
      for (const secret of described(parts.join(''))) {
        for (const text of [secret.match, ...secret.code.map((line) => line.content)]) assert.ok(!text.includes('S'));
        const causes = secret.code.filter((line) => line.isCause);
        assert.deepEqual([causes[0]!.number, causes.at(-1)!.number], [secret.startLine, secret.endLine]);
      }
    }),
    { numRuns: 300 },
  );
});
