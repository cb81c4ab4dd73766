/**
 * Writes a bbolt file so that readers see the old one or the whole new one: a temporary file in the same directory,
 * synced, then renamed. On failure the temporary file is removed and the old one stays.
 * Errors  `file/unwritable` and the like; FormatError for what the format cannot hold.
 */
import { randomHex } from '#base';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BoltSink, type BoltTree, encodeBolt } from '#formats';
import { fileError } from '#platform';

const chunkSize = 1024 * 1024;

export function writeBolt(path: string, tree: BoltTree, options: { readonly pageSize?: number } = {}): void {
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${process.pid}-${randomHex(4)}`);
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw fileError(directory, error, 'write');
  }
  try {
    writeSynced(temporary, tree, options);
    renameSync(temporary, path);
    syncDirectory(directory);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw isSystemError(error) ? fileError(path, error, 'write') : error;
  }
}

function writeSynced(temporary: string, tree: BoltTree, options: { readonly pageSize?: number }): void {
  const file = openSync(temporary, 'wx', 0o644);
  try {
    const sink = chunkedSink(file);
    encodeBolt(tree, sink.write, options);
    sink.flush();
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Pages come in order; a system call for each would take longer than making them. */
function chunkedSink(file: number): { readonly write: BoltSink; flush(): void } {
  const chunk = new Uint8Array(chunkSize);
  let start = 0;
  let used = 0;
  const flush = (): void => {
    writeFully(file, chunk.subarray(0, used), start);
    used = 0;
  };
  const write: BoltSink = (offset, bytes) => {
    if (offset !== start + used || used + bytes.length > chunkSize) flush();
    if (used === 0) start = offset;
    if (bytes.length > chunkSize) {
      writeFully(file, bytes, offset);
      start = offset + bytes.length;
    } else {
      chunk.set(bytes, used);
      used += bytes.length;
    }
  };
  return { write, flush };
}

function writeFully(file: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, offset + done);
}

/** Makes the rename last through a power cut, where the system lets a directory be synced. */
function syncDirectory(directory: string): void {
  let handle: number;
  try {
    handle = openSync(directory, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(handle);
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(handle);
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
