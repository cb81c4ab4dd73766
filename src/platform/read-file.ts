/** Reads a small file of the user's own (configuration, certificates) as a whole, within a limit. */
import { open } from 'node:fs/promises';
import { LimitError } from '#base';
import { fileError } from './file-error.js';

/** `undefined` when there is no such file. Bytes; `LimitError` past `limit`. */
export async function readIfPresent(path: string, limit: number): Promise<Uint8Array | undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw fileError(path, error, 'read');
  });
  if (!file) return undefined;
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    // Not by the size in stat: pipes and /proc files have none.
    for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw new LimitError(path, limit);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw error instanceof LimitError ? error : fileError(path, error, 'read');
  } finally {
    await file.close();
  }
}
