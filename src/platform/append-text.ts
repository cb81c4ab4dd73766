import { appendFile } from 'node:fs/promises';
import { fileError } from './file-error.js';

/** Adds to the end of a file that others write, too; made when missing. */
export async function appendText(path: string, text: string): Promise<void> {
  await appendFile(path, text).catch((error: unknown) => {
    throw fileError(path, error, 'write');
  });
}
