/** A world without an outside, for tests: outputs are kept, time stands still unless slept, nothing is a terminal. */
import { createLog } from '../log.js';
import type { Output, World } from '../world.js';

export interface FakeWorld extends World {
  /** What was written to standard output, standard error and the log so far. */
  readonly written: { stdout: string; stderr: string; log: string };
  /** Milliseconds slept, in order. */
  readonly slept: number[];
}

export function fakeWorld(overrides: Partial<World> & { readonly start?: Date } = {}): FakeWorld {
  const written = { stdout: '', stderr: '', log: '' };
  const slept: number[] = [];
  let time = (overrides.start ?? new Date('2026-01-02T03:04:05Z')).getTime();
  const now = (): Date => new Date(time);
  const { start: _, ...given } = overrides;
  return {
    env: {},
    cwd: '/',
    platform: 'linux',
    arch: 'x64',
    stdin: (async function* () {})(),
    stdout: keep(written, 'stdout'),
    stderr: keep(written, 'stderr'),
    clock: {
      now,
      async sleep(ms, signal) {
        signal?.throwIfAborted();
        slept.push(ms);
        time += ms;
      },
    },
    log: createLog({ debug: true, now, write: (line) => (written.log += line) }),
    signal: new AbortController().signal,
    ...given,
    written,
    slept,
  };
}

function keep(written: Record<'stdout' | 'stderr', string>, key: 'stdout' | 'stderr'): Output {
  const decoder = new TextDecoder();
  return {
    isTTY: false,
    async write(chunk) {
      written[key] += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    },
  };
}
