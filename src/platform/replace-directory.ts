/**
 * Puts a finished directory in the place of another: readers find the old one or the new one, never a mixture in one
 * directory. Between the two renames there is none for a moment; when the second fails, the old one comes back.
 */
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomHex } from '#base';
import { fileError } from './file-error.js';
import { makeDirectory } from './make-directory.js';

/** Both on one file system. Of processes that do this at once, one wins; `from` of the others stays where it is. */
export async function replaceDirectory(from: string, to: string): Promise<void> {
  await makeDirectory(dirname(to));
  const old = `${to}.${process.pid}-${randomHex(4)}`;
  const moved = await movedAside(to, old);
  try {
    await rename(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Put there by another process since the old one was moved.
    const replaced = code === 'ENOTEMPTY' || code === 'EEXIST';
    if (moved && !replaced) await rename(old, to).catch(() => {});
    if (!replaced) throw fileError(to, error, 'write');
  }
  if (moved) await rm(old, { recursive: true, force: true });
}

async function movedAside(path: string, aside: string): Promise<boolean> {
  try {
    await rename(path, aside);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw fileError(path, error, 'write');
  }
}
