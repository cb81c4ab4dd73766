import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { boxTable, type Column } from './box-table.js';
import { displayWidth, wrapText } from './text-width.js';

const left = (title: string, more: Partial<Column> = {}): Column => ({ title, align: 'left', merge: true, ...more });

test('equal cells below each other are merged, and keep their height', () => {
  const table = boxTable(
    [
      ['a', '1', 'one\ntwo'],
      ['a', '2', 'one\ntwo'],
      ['b', '2', 'x'],
    ],
    { columns: [left('Library'), left('Version'), left('Title')] },
  );
  assert.equal(
    table,
    [
      '┌─────────┬─────────┬───────┐',
      '│ Library │ Version │ Title │',
      '├─────────┼─────────┼───────┤',
      '│ a       │ 1       │ one   │',
      '│         │         │ two   │',
      '│         ├─────────┤       │',
      '│         │ 2       │       │',
      '│         │         │       │',
      '├─────────┤         ├───────┤',
      '│ b       │         │ x     │',
      '└─────────┴─────────┴───────┘',
      '',
    ].join('\n'),
  );
});

test('every line of a table is as wide as the others, and fits the width where columns may shrink', () => {
  const cell = fc.oneof(
    fc.string({ maxLength: 30 }).map((s) => s.replace(/[\u0000-\u001f\u007f-\u009f]/g, '')),
    fc.constantFrom('日本語', 'a b c d e f g', ''),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }), (rows) => {
      const table = boxTable(rows, { columns: [left('A', { shrinkTo: 8 }), left('B', { shrinkTo: 8 })], width: 40 });
      const widths = new Set(table.trimEnd().split('\n').map(displayWidth));
      assert.equal(widths.size, 1);
      assert.ok([...widths][0]! <= 40);
    }),
  );
});

for (const [text, width, expected] of [
  ['short', 10, ['short']],
  ['two words', 5, ['two', 'words']],
] as const) {
  test(`wrapping of ${text}`, () => assert.deepEqual(wrapText(text, width), expected));
}
