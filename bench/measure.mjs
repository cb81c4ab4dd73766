// One process, measured from outside: wall clock, and the largest resident set as the system accounts it.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const report = join(tmpdir(), `pratique-bench-${process.pid}`);

/** Runs through `/usr/bin/time`, which tells memory; its own cost is in `overhead`. */
export async function run(command) {
  const started = performance.now();
  const child = spawn('/usr/bin/time', ['-o', report, '-f', '%M %x', ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const milliseconds = performance.now() - started;
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${errors}`);
  const kibibytes = Number(readFileSync(report, 'utf8').split(' ')[0]);
  rmSync(report);
  return { milliseconds, kibibytes };
}

/** What starting any process costs here. */
export async function overhead() {
  const samples = [];
  for (let i = 0; i < 20; i++) samples.push((await run(['/bin/true'])).milliseconds);
  return median(samples);
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
