/**
 * Puts a new database in the place of the old one. Each file is renamed, so a reader that has the old one open goes on;
 * the metadata follows the data, so that a run killed in between leaves a database that at worst looks too old.
 * A lock keeps two runs from mixing their pairs; it is held for two renames, and one older than 10 s is a dead run's.
 */
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Clock, fileError, makeDirectory } from '#platform';

const STALE = 10_000;
const LONGEST_WAIT = 2000;
const STEP = 20;

/** @param names in the order in which they are moved */
export async function swapIn(from: string, to: string, names: readonly string[], clock: Clock): Promise<void> {
  try {
    await makeDirectory(to);
    const release = await lock(join(dirname(to), `.${basename(to)}.lock`), clock);
    try {
      for (const name of names) await rename(join(from, name), join(to, name));
    } finally {
      await release();
    }
  } catch (error) {
    throw fileError(to, error, 'write');
  }
}

/** After a wait without success it goes on without the lock: a mixed pair is only a little older than it says. */
async function lock(path: string, clock: Clock): Promise<() => Promise<void>> {
  for (let waited = 0; waited < LONGEST_WAIT; waited += STEP) {
    try {
      await (await open(path, 'wx')).close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    // Against the real time, which is what the file system keeps.
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STALE) await rm(path, { force: true });
    else await clock.sleep(STEP);
  }
  return async () => {};
}
