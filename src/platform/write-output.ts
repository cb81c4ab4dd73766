/**
 * Writes what the user asked for to the path that they named. A regular file is replaced as a whole; a pipe, a terminal or
 * a device is written to, since a rename would put a file in its place; a link stays, and what it points to is written.
 */
import { open, realpath, stat } from 'node:fs/promises';
import { type Content, writeAtomically } from './atomic-write.js';
import { fileError } from './file-error.js';

export async function writeOutput(path: string, content: Content): Promise<void> {
  // What is not there yet, or cannot be looked at, is told by the write itself.
  const found = await stat(path).catch(() => undefined);
  if (/^\/(?:dev|proc)\//.test(path) || (found && !found.isFile() && !found.isDirectory()))
    return writeInto(path, content);
  return writeAtomically(found ? await realpath(path).catch(() => path) : path, content);
}

async function writeInto(path: string, content: Content): Promise<void> {
  const failed = (error: unknown): never => {
    throw fileError(path, error, 'write');
  };
  const file = await open(path, 'w').catch(failed);
  try {
    if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content).catch(failed);
    // Errors of the content's own producer are not about the file and pass through.
    else for await (const chunk of content) await file.writeFile(chunk).catch(failed);
  } finally {
    await file.close().catch(failed);
  }
}
