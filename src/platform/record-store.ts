/**
 * Small records by key in a directory, for any number of processes at once: written to a temporary name and renamed,
 * read without a lock, damaged ones taken for absent. Over its size the least recently used records go.
 */
import { readFileSync, statSync, utimesSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from './atomic-write.js';
import { fileError } from './file-error.js';

export interface RecordStore {
  /** `undefined` when absent. */
  get(key: string): string | undefined;
  put(key: string, record: string): Promise<void>;
  /** Removes the least recently used records until `limit` bytes are left. */
  evict(limit: number): Promise<void>;
}

/** A use is noted at most this often per record, in milliseconds: reading stays cheap. */
const touchInterval = 3_600_000;

/** Keys are hexadecimal. The directory is made by the first `put`. */
export function recordStore(directory: string, now: () => Date): RecordStore {
  const pathOf = (key: string): string => join(directory, key.slice(0, 2), `${key.slice(2)}.json`);
  return {
    get(key) {
      const path = pathOf(key);
      try {
        const record = readFileSync(path, 'utf8');
        touch(path, now());
        return record;
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw fileError(path, error, 'read');
      }
    },
    put: (key, record) => writeAtomically(pathOf(key), record),
    evict: (limit) => evict(directory, limit),
  };
}

function touch(path: string, now: Date): void {
  try {
    if (now.getTime() - statSync(path).mtimeMs > touchInterval) utimesSync(path, now, now);
  } catch {
    // Another process may have removed it, or the cache is read-only: only the order of eviction suffers.
  }
}

async function evict(directory: string, limit: number): Promise<void> {
  const files = [];
  let total = 0;
  for (const name of await readdir(directory, { recursive: true }).catch(() => [])) {
    const path = join(directory, name);
    const facts = await stat(path).catch(() => undefined);
    if (!facts?.isFile()) continue;
    total += facts.size;
    files.push({ path, size: facts.size, used: facts.mtimeMs });
  }
  if (total <= limit) return;
  for (const file of files.sort((a, b) => a.used - b.used)) {
    if (total <= limit) return;
    await rm(file.path, { force: true });
    total -= file.size;
  }
}

function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
