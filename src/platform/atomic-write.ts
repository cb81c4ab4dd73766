/**
 * Writes a file so that readers see the old content or the new one, never a part: a temporary file in the same
 * directory, then a rename. On failure the temporary file is removed and the old content stays.
 */
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { randomHex } from '#base';
import { fileError } from './file-error.js';
import { makeDirectory } from './make-directory.js';

export type Content = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/** Parent directories are made when missing. */
export async function writeAtomically(path: string, content: Content, mode = 0o644): Promise<void> {
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${process.pid}-${randomHex(4)}`);
  await makeDirectory(directory);
  try {
    await writeAll(temporary, path, content, mode);
    await rename(temporary, path).catch((error: unknown) => {
      throw fileError(path, error, 'write');
    });
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

async function writeAll(temporary: string, path: string, content: Content, mode: number): Promise<void> {
  const failed = (error: unknown): never => {
    throw fileError(path, error, 'write');
  };
  const file = await open(temporary, 'wx', mode).catch(failed);
  try {
    if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content).catch(failed);
    // Errors of the content's own producer are not about the file and pass through.
    else for await (const chunk of content) await file.writeFile(chunk).catch(failed);
  } finally {
    await file.close().catch(failed);
  }
}
