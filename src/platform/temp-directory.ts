/** Temporary directories that go away with the process, however it ends short of SIGKILL. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileError } from './file-error.js';

export interface TempDirectory {
  readonly path: string;
  /** Removes it with everything in it; safe to call again. */
  remove(): Promise<void>;
}

const open = new Set<string>();

/** Readable by its owner only. `parent` must exist; by default the system's temporary directory. */
export async function tempDirectory(parent: string = tmpdir(), prefix = 'pratique-'): Promise<TempDirectory> {
  const path = await mkdtemp(join(parent, prefix)).catch((error: unknown) => {
    throw fileError(parent, error, 'write');
  });
  if (open.size === 0) process.once('exit', removeAll);
  open.add(path);
  return {
    path,
    async remove() {
      open.delete(path);
      if (open.size === 0) process.removeListener('exit', removeAll);
      // A program that was just ended may still write.
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

function removeAll(): void {
  for (const path of open) rmSync(path, { recursive: true, force: true });
  open.clear();
}
