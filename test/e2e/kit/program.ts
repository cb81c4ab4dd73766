/**
 * Runs the program as a process of its own, as users do. `PRATIQUE_PROGRAM` names another one than this package on the
 * Node that runs the tests: a compiled binary, or `node24 bin/pratique`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Ran {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Called when the process runs. */
  readonly during?: (child: ChildProcess) => void;
}

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** The words that start the program. */
export const program: readonly string[] = process.env['PRATIQUE_PROGRAM']?.split(' ').filter(Boolean) ?? [
  process.execPath,
  join(root, 'bin/pratique'),
];

/** An empty home, so that nobody's settings and caches count. */
const home = mkdtempSync(join(tmpdir(), 'pratique-home-'));
process.once('exit', () => rmSync(home, { recursive: true, force: true }));

/** Long enough for a slow machine under load, short enough to find what hangs. */
const LONGEST = 60_000;

export const environment = (extra: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  TMPDIR: tmpdir(),
  ...extra,
});

export function pratique(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [command, ...first] = program;
  const started = performance.now();
  const child = spawn(command!, [...first, ...args], {
    cwd: options.cwd ?? home,
    env: environment(options.env),
    stdio: 'pipe',
    timeout: LONGEST,
    killSignal: 'SIGKILL',
  });
  const out = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
  child.stdin.on('error', () => {}).end(options.stdin ?? '');
  options.during?.(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...out, milliseconds: performance.now() - started }));
  });
}
