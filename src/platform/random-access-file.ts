/**
 * Local files read at positions, synchronously: content comes from the page cache, where a system call costs less than
 * a trip through the thread pool.
 * Limits  opened without blocking (a pipe cannot hang the scan) and only regular files are accepted.
 * Errors  `PratiqueError` `file/not-found` or `file/unreadable`.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { PratiqueError } from '#base';
import { fileError } from './file-error.js';

/** Bytes that can be read at any position: a file, a part of one, or memory. */
export interface RandomAccess {
  /** Bytes. */
  readonly size: number;
  /** Changes whenever the bytes may have changed: device, inode, size, time of change (which no copy preserves) and range of a file; absent for memory. */
  readonly identity?: string;
  /** `length` bytes from `offset`; shorter at the end. */
  read(offset: number, length: number): Uint8Array;
  /** Fills `target` from `offset` on and returns how many bytes there were. */
  readInto(target: Uint8Array, offset: number): number;
  close(): void;
}

export interface OpenOptions {
  /** A symbolic link as the last component is an error. */
  readonly noFollow?: boolean;
}

export function openRandomAccess(path: string, options: OpenOptions = {}): RandomAccess {
  const noFollow = options.noFollow ? (constants.O_NOFOLLOW ?? 0) : 0;
  const fd = reading(path, () => openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | noFollow));
  const stat = fstatSync(fd);
  if (!stat.isFile()) {
    closeSync(fd);
    throw new PratiqueError('file/unreadable', { path, reason: 'not a regular file' });
  }
  return { ...overDescriptor(fd, stat.size, path), identity: `${stat.dev}:${stat.ino}:${stat.size}:${stat.ctimeMs}` };
}

/** The range of `file` from `offset`; closing it leaves `file` open. */
export function sliceOf(file: RandomAccess, offset: number, length: number): RandomAccess {
  const size = Math.max(0, Math.min(length, file.size - offset));
  return {
    size,
    ...(file.identity !== undefined && { identity: `${file.identity}@${offset}+${size}` }),
    read: (at, count) => file.read(offset + at, Math.max(0, Math.min(count, size - at))),
    readInto: (target, at) =>
      file.readInto(target.length <= size - at ? target : target.subarray(0, Math.max(0, size - at)), offset + at),
    close: () => {},
  };
}

/** Bytes in memory. */
export function randomAccessOf(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    readInto(target, offset) {
      const part = bytes.subarray(offset, offset + target.length);
      target.set(part);
      return part.length;
    },
    close: () => {},
  };
}

/** Over an open descriptor, which `close` closes. */
export function overDescriptor(fd: number, size: number, path: string): RandomAccess {
  let open = true;
  const readInto = (target: Uint8Array, offset: number): number => {
    if (!open) throw new PratiqueError('file/unreadable', { path, reason: 'read after close' });
    let done = 0;
    while (done < target.length) {
      const count = reading(path, () => readSync(fd, target, done, target.length - done, offset + done));
      if (count === 0) break;
      done += count;
    }
    return done;
  };
  return {
    size,
    readInto,
    read(offset, length) {
      const target = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      return target.subarray(0, readInto(target, offset));
    },
    close() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}

/** Runs a file system call; its error becomes one for the user. */
export function reading<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw fileError(path, error, 'read');
  }
}
