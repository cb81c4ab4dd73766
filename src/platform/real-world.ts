/**
 * The world of the running process.
 * The first SIGINT or SIGTERM aborts `signal`; a second one ends the process at once with 128 + signal number.
 */
import { fstatSync, statSync, writeSync } from 'node:fs';
import { PratiqueError } from '#base';
import { systemClock } from './clock.js';
import { createLog } from './log.js';
import type { Output, World } from './world.js';

export interface RealWorldOptions {
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

export function realWorld(options: RealWorldOptions = {}): World {
  const stderr = output(2, 'standard error');
  const color = stderr.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
  return {
    env: process.env,
    cwd: process.cwd(),
    platform: process.platform,
    arch: process.arch,
    get stdin(): AsyncIterable<Uint8Array> {
      return process.stdin as AsyncIterable<Uint8Array>;
    },
    stdout: output(1, 'standard output'),
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

/**
 * Files and pipes are written to directly, since the runtime's streams take longer to load than small commands run.
 * Terminals, and pipes that cannot take more at the moment, get the stream.
 */
function output(fd: 1 | 2, name: string): Output {
  const stream = lazily(() => openStream(fd));
  // Once a pipe was full its stream keeps the order.
  let direct = process.platform !== 'win32' && !mayBeTerminal(fd);
  const columns = direct ? undefined : stream().columns;
  return {
    isTTY: !direct && stream().isTTY === true,
    ...(columns ? { columns } : {}),
    async write(chunk) {
      try {
        const rest = direct ? writeDirectly(fd, chunk) : chunk;
        if (rest.length === 0) return;
        direct = false;
        await writeToStream(stream(), rest);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        // A pipe says EPIPE; a socket in its place may say that it was reset.
        const gone = code === 'EPIPE' || code === 'ECONNRESET';
        const reason = gone ? 'nobody reads it any more' : message;
        throw new PratiqueError('file/unwritable', { path: name, reason }, error);
      }
    },
  };
}

function mayBeTerminal(fd: number): boolean {
  try {
    const facts = fstatSync(fd);
    return facts.isCharacterDevice() && facts.rdev !== statSync('/dev/null').rdev;
  } catch {
    return true; // closed: the stream knows what to do
  }
}

/** What could not be written without waiting. */
function writeDirectly(fd: number, chunk: string | Uint8Array): Uint8Array {
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return bytes.subarray(done);
      throw error;
    }
  }
  return new Uint8Array(0);
}

function openStream(fd: 1 | 2): NodeJS.WriteStream {
  const stream = fd === 1 ? process.stdout : process.stderr;
  // Without a listener the runtime ends the process with a stack trace; `write` reports the failure to its caller.
  if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  return stream;
}

const writeToStream = (stream: NodeJS.WriteStream, chunk: string | Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(chunk, (error) => (error ? reject(error) : resolve()));
  });

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
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
