/**
 * Makes a directory and those above it. One by one, because the runtime's own way of doing that reports a read-only file
 * system as a missing directory.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError } from './file-error.js';

export async function makeDirectory(path: string): Promise<void> {
  try {
    await make(path);
  } catch (error) {
    throw fileError(path, error, 'write');
  }
}

async function make(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await make(dirname(path));
    await again(path);
  }
}

/** Some file systems say that something is missing for what cannot be made in them at all, such as /proc. */
async function again(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
