import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { createProgress, noProgress } from './progress.js';
import type { Output } from './world.js';

function terminal(columns?: number): {
  output: Output;
  text: () => string;
  clock: { now: () => Date };
  pass(ms: number): void;
} {
  let text = '';
  let time = 1000;
  return {
    output: {
      isTTY: true,
      ...(columns !== undefined && { columns }),
      write(chunk) {
        text += String(chunk);
        return Promise.resolve();
      },
    },
    text: () => text.replaceAll('\r\u001b[K', '|'),
    clock: { now: () => new Date(time) },
    pass: (ms) => void (time += ms),
  };
}

test('one line, written over at most ten times a second, cleared at the end', () => {
  const { output, text, clock, pass } = terminal();
  const progress = createProgress(output, clock);
  progress.bytes('database', 1_000_000, 20_000_000);
  progress.bytes('database', 2_000_000, 20_000_000);
  pass(100);
  progress.bytes('database', 3_000_000, 20_000_000);
  pass(100);
  progress.count('layers', 1, 4);
  progress.end('database');
  progress.clear();
  pass(100);
  progress.count('layers', 2, 4);
  progress.end('layers');
  progress.end('layers');
  const lines = [
    'database 1.0/20.0 MB',
    'database 3.0/20.0 MB',
    'database 3.0/20.0 MB  layers 1/4',
    '',
    'layers 2/4',
    '',
  ];
  assert.equal(text(), lines.map((line) => `|${line}`).join(''));
});

test('as wide as the terminal, names made harmless', () => {
  const { output, text, clock } = terminal(20);
  createProgress(output, clock).bytes('a\u001b[2J name that is long', 1);
  assert.equal(text(), '|a\\x1b[2J name that…');
});

test('nothing where nobody watches, and no failure where nobody reads', async () => {
  const { output, clock, text } = terminal();
  const progress = createProgress({ ...output, isTTY: false }, clock);
  progress.bytes('x', 1);
  progress.count('x', 1, 2);
  progress.end('x');
  assert.equal(progress, noProgress);
  assert.equal(text(), '');
  const closed = createProgress({ isTTY: true, write: () => Promise.reject(new Error('EPIPE')) }, clock);
  closed.bytes('x', 1);
  await new Promise((resolve) => setImmediate(resolve));
});
