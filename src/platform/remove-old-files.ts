/** Removes the files below a directory that were last written before a time; folders stay. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** `before` in milliseconds since 1970. What cannot be looked at or removed stays. */
export async function removeOldFiles(directory: string, before: number): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const facts = await stat(path).catch(() => undefined);
    if (facts && facts.mtimeMs < before) await rm(path, { force: true }).catch(() => {});
  }
}
