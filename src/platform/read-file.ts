/** Reads a small file of the user's own (configuration, certificates, bills of materials) as a whole, within a limit. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { LimitError } from '#base';
import { fileError } from './file-error.js';

/** `undefined` when there is no such file. Bytes; `LimitError` past `limit`. */
export async function readIfPresent(path: string, limit: number): Promise<Uint8Array | undefined> {
  let fd: number | undefined;
  try {
    // Not blocking, so that the open of a pipe does not hold up everything else.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    return fstatSync(fd).isFile() ? readRegular(fd, path, limit) : await readStream(path, limit);
  } catch (error) {
    if (error instanceof LimitError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (fd === undefined && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
    throw fileError(path, error, 'read');
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** At once: content comes from the page cache, and streams take longer to load than most files to read. */
function readRegular(fd: number, path: string, limit: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // One byte more than the size in stat shows the end; files of /proc tell no size.
  for (let wanted = fstatSync(fd).size + 1; ; wanted = PIECE) {
    const chunk = new Uint8Array(Math.max(Math.min(wanted, limit - size + 1), 1));
    const count = readSync(fd, chunk, 0, chunk.length, null);
    if (count === 0) return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    if ((size += count) > limit) throw new LimitError(path, limit);
    chunks.push(chunk.subarray(0, count));
  }
}

const PIECE = 64 * 1024;

async function readStream(path: string, limit: number): Promise<Uint8Array> {
  const { createReadStream } = await import('node:fs');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new LimitError(path, limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
