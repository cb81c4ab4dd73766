/**
 * One line on a terminal that tells how far long work is, written over at most ten times a second and cleared at the
 * end. Several parts may be under way: the line shows them all, as far as it is wide.
 */
import { oneLine } from '#base';
import type { Clock } from './clock.js';

export interface Progress {
  /** Shows a part of the work under its name; `total` in the same unit as `done`, bytes. */
  bytes(name: string, done: number, total?: number): void;
  /** Shows a part of the work that is counted. */
  count(name: string, done: number, total: number): void;
  /** The part is over. */
  end(name: string): void;
  /** Takes the line away until the next change: something else is about to be written. */
  clear(): void;
}

export const noProgress: Progress = { bytes: () => {}, count: () => {}, end: () => {}, clear: () => {} };

const INTERVAL = 100;

export interface ProgressOutput {
  readonly isTTY: boolean;
  readonly columns?: number;
  write(chunk: string): Promise<void>;
}

/** On a terminal only: anything else gets `noProgress`. */
export function createProgress(output: ProgressOutput, clock: Pick<Clock, 'now'>): Progress {
  if (!output.isTTY) return noProgress;
  const parts = new Map<string, string>();
  let last = 0;
  let shown = false;
  const write = (text: string): void => void output.write(`\r\u001b[K${text}`).catch(() => {});
  const set = (name: string, text: string): void => {
    parts.set(name, `${oneLine(name)} ${text}`);
    const now = clock.now().getTime();
    if (shown && now - last < INTERVAL) return;
    last = now;
    shown = true;
    write(cut([...parts.values()].join('  '), (output.columns ?? 80) - 1));
  };
  const clear = (): void => {
    if (shown) write('');
    shown = false;
  };
  return {
    bytes: (name, done, total) =>
      set(name, total ? `${megabytes(done)}/${megabytes(total)} MB` : `${megabytes(done)} MB`),
    count: (name, done, total) => set(name, `${done}/${total}`),
    end(name) {
      if (parts.delete(name)) clear();
    },
    clear,
  };
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
