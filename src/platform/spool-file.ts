/**
 * A temporary file that leaves nothing behind: it has no name any more once it is open, so its space is free as soon
 * as it is closed or the process ends, however that happens. Where an open file cannot lose its name (Windows), it is
 * removed when closed.
 * Errors  `PratiqueError` `file/unwritable` or `file/no-space` about the temporary directory.
 */
import { mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileError } from './file-error.js';
import { overDescriptor, type RandomAccess } from './random-access-file.js';

export interface SpoolFile {
  /** Bytes written so far. */
  readonly size: number;
  append(bytes: Uint8Array): void;
  /** The bytes from `offset`, which must be written by then; valid until `close`. */
  slice(offset: number, length: number): RandomAccess;
  close(): void;
}

export function createSpoolFile(directory: string = tmpdir()): SpoolFile {
  const { fd, folder } = create(directory);
  let removed = remove(folder);
  let size = 0;
  let open = true;
  const whole = overDescriptor(fd, Number.MAX_SAFE_INTEGER, folder);
  return {
    get size() {
      return size;
    },
    append(bytes) {
      for (let done = 0; done < bytes.length;) {
        done += writing(directory, () => writeSync(fd, bytes, done, bytes.length - done, size + done));
      }
      size += bytes.length;
    },
    slice: (offset, length) => ({
      size: length,
      read: (at, count) => whole.read(offset + at, Math.max(0, Math.min(count, length - at))),
      readInto: (target, at) => whole.readInto(target.subarray(0, Math.max(0, length - at)), offset + at),
      close: () => {},
    }),
    close() {
      if (!open) return;
      open = false;
      whole.close();
      removed ||= remove(folder);
    },
  };
}

function create(directory: string): { fd: number; folder: string } {
  const folder = writing(directory, () => mkdtempSync(join(directory, 'pratique-')));
  try {
    return { fd: openSync(join(folder, 'spool'), 'wx+', 0o600), folder };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw fileError(directory, error, 'write');
  }
}

function remove(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false; // tried again at close
  }
}

function writing<T>(directory: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw fileError(directory, error, 'write');
  }
}
