/**
 * The world of the running process.
 * The first SIGINT or SIGTERM aborts `signal`; a second one ends the process at once with 128 + signal number.
 */
import { PratiqueError } from '#base';
import { systemClock } from './clock.js';
import { createLog } from './log.js';
import type { Output, World } from './world.js';

export interface RealWorldOptions {
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

export function realWorld(options: RealWorldOptions = {}): World {
  const stderr = output(process.stderr, 'standard error');
  const color = stderr.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
  return {
    env: process.env,
    cwd: process.cwd(),
    platform: process.platform,
    arch: process.arch,
    get stdin(): AsyncIterable<Uint8Array> {
      return process.stdin as AsyncIterable<Uint8Array>;
    },
    stdout: output(process.stdout, 'standard output'),
    stderr,
    clock: systemClock,
    // A log line that cannot be written has nowhere to be reported.
    log: createLog({
      ...options,
      color,
      now: systemClock.now,
      write: (line) => void stderr.write(line).catch(() => {}),
    }),
    signal: interruption(),
  };
}

function output(stream: NodeJS.WriteStream, name: string): Output {
  // Without a listener the runtime ends the process with a stack trace; `write` reports the failure to its caller.
  if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  const write = (chunk: string | Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      stream.write(chunk, (error) => {
        if (!error) return resolve();
        const reason = (error as NodeJS.ErrnoException).code === 'EPIPE' ? 'nobody reads it any more' : error.message;
        reject(new PratiqueError('file/unwritable', { path: name, reason }, error));
      });
    });
  return {
    get isTTY() {
      return stream.isTTY === true;
    },
    ...(stream.columns ? { columns: stream.columns } : {}),
    write,
  };
}

let interrupted: AbortController | undefined;

function interruption(): AbortSignal {
  if (interrupted) return interrupted.signal;
  const controller = (interrupted = new AbortController());
  const numbers = { SIGINT: 2, SIGTERM: 15 } as const;
  for (const [name, number] of Object.entries(numbers)) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(128 + number);
      controller.abort(new PratiqueError('scan/interrupted'));
    });
  }
  return controller.signal;
}
