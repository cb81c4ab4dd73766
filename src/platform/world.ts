/** Everything outside the program that a stage may need, handed in; tests pass their own. */
import type { Clock } from './clock.js';
import type { Log } from './log.js';
import type { Progress } from './progress.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Output {
  /** A terminal reads it. */
  readonly isTTY: boolean;
  /** Width of the terminal in columns, when there is one. */
  readonly columns?: number;
  /** Resolves when the stream took the bytes; rejects when nobody reads any more. */
  write(chunk: string | Uint8Array): Promise<void>;
}

export interface World {
  readonly env: Environment;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** As Node names it: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** As Node names it: `x64`, `arm64`. */
  readonly arch: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly clock: Clock;
  readonly log: Log;
  /** Where long work shows how far it is; absent where nobody watches. */
  readonly progress?: Progress;
  /** Aborted when the user interrupts the program. */
  readonly signal: AbortSignal;
}
