/**
 * Files handed to visitors: content in memory, in a spool file, or at its place in a local archive.
 * Limits  256 MiB for reading a whole file (base/limits); larger ones are read in ranges.
 */
import { LimitError, limits } from '#base';
import { sparseReader, type StoredReader, type TarEntry } from '#formats';
import type { FileEntry, SourceFile } from '#model';

/** A file over a reader of its content. */
export function sourceFile(entry: FileEntry, read: StoredReader): SourceFile {
  const { path, size, mode } = entry;
  const bytes = (): Uint8Array => read(0, size);
  return {
    path,
    size,
    mode,
    bytes: () => within(path, size, bytes),
    text: () => within(path, size, () => decode(bytes())),
    read: (offset, length) => {
      const count = Math.max(0, Math.min(length, size - offset));
      return within(path, count, () => read(offset, count));
    },
  };
}

/** A file of an archive over a reader of the bytes stored for it. */
export function archivedFile(file: FileEntry, entry: TarEntry, stored: StoredReader): SourceFile {
  return sourceFile(file, entry.sparse ? sparseReader(stored, entry.sparse, entry.size) : stored);
}

export function readerOfMemory(bytes: Uint8Array): StoredReader {
  return (offset, length) => (offset === 0 && length >= bytes.length ? bytes : bytes.subarray(offset, offset + length));
}

const decode = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

function within<T>(path: string, size: number, read: () => T): T {
  if (size > limits.textFile) throw new LimitError(path, limits.textFile);
  return read();
}
