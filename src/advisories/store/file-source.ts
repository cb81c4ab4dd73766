/**
 * The bytes of a database file: mapped into memory where the runtime can (Bun), else read by position.
 * A database is replaced by rename, so an open one does not change.
 * Errors  `db/missing`, `file/unreadable`.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { PratiqueError } from '#base';
import type { BoltSource } from '#formats';
import { fileError } from '#platform';

export interface FileSource extends BoltSource {
  close(): void;
}

export function openFileSource(path: string): FileSource {
  const file = openFile(path);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw new PratiqueError('file/unreadable', { path, reason: 'not a regular file' });
    const mapped = mapFile(path, status.size);
    if (!mapped) return positionedReads(path, file, status.size);
    closeSync(file);
    return { size: mapped.length, read: (offset, length) => mapped.subarray(offset, offset + length), close() {} };
  } catch (error) {
    closeSync(file);
    throw fileError(path, error, 'read');
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new PratiqueError('db/missing', { path }, error);
    throw fileError(path, error, 'read');
  }
}

/** Pages are cut from slabs: a buffer of its own for each would cost more than reading it. */
const slabSize = 64 * 1024;

function positionedReads(path: string, file: number, size: number): FileSource {
  let slab: Buffer = Buffer.alloc(0);
  const take = (length: number): Buffer => {
    if (length > slabSize / 4) return Buffer.allocUnsafeSlow(length);
    if (length > slab.length) slab = Buffer.allocUnsafeSlow(slabSize);
    const taken = slab.subarray(0, length);
    slab = slab.subarray(length);
    return taken;
  };
  return {
    size,
    read(offset, length) {
      const bytes = take(Math.max(0, Math.min(length, size - offset)));
      try {
        return bytes.subarray(0, readFully(file, bytes, offset));
      } catch (error) {
        throw fileError(path, error, 'read');
      }
    },
    close: () => closeSync(file),
  };
}

/** The bytes filled: fewer than asked for when the file became shorter. */
function readFully(file: number, bytes: Buffer, offset: number): number {
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(file, bytes, filled, bytes.length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

interface Mapper {
  mmap?(path: string, options: { readonly shared: boolean }): Uint8Array;
}

/** File systems that cannot map say so by an error; reading by position works there. */
function mapFile(path: string, size: number): Uint8Array | undefined {
  const runtime = (globalThis as { readonly Bun?: Mapper }).Bun;
  if (!runtime?.mmap || size === 0) return undefined;
  try {
    return runtime.mmap(path, { shared: false });
  } catch {
    return undefined;
  }
}
