import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Report } from '#model';
import { withoutCommands } from './inert-text.js';
import { formatOptions, sampleReport } from './sample-report.test.kit.js';
import { table } from './table.js';

const isCommand = (line: string): boolean => /^\s*::|##(?:vso)?\[/i.test(line);

test('commands of runners are text', () => {
  for (const [text, inert] of [
    ['a\n ::error::b', 'a\n \\::error::b'],
    ['##[error]x ##vso[task.setvariable]y', '#\\#[error]x #\\#vso[task.setvariable]y'],
    ['std::vector ## head', 'std::vector ## head'],
  ] as const)
    assert.equal(withoutCommands(text), inert);
  const parts = fc.array(fc.constantFrom('::', '#', '##[', '##vso[', '\n', ' ', '\t', 'a'), { maxLength: 12 });
  fc.assert(fc.property(parts, (some) => !withoutCommands(some.join('')).split('\n').some(isCommand)));
});

test('a target named like a command starts no line of the table', async () => {
  const [result] = sampleReport.results;
  const report: Report = { ...sampleReport, results: [{ ...result!, target: '::error::##[error]x' }] };
  let text = '';
  for await (const chunk of table.encode(report, { ...formatOptions, tableModes: ['summary', 'detailed'] }))
    text += chunk;
  assert.match(text, /error::/);
  assert.deepEqual(text.split('\n').filter(isCommand), []);
});
