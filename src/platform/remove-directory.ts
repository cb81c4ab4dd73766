import { rm } from 'node:fs/promises';
import { fileError } from './file-error.js';

/** Removes a directory with everything in it; nothing to do when there is none. */
export async function removeDirectory(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((error: unknown) => {
    throw fileError(path, error, 'write');
  });
}
