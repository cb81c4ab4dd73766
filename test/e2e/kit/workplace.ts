import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { writeDatabase } from './database.js';

export interface Workplace {
  readonly folder: string;
  /** Path of something in the folder. */
  at(...names: string[]): string;
  /** A cache directory that holds the database. */
  readonly cache: string;
  /** Options of a scan that must not download: the cache, JSON and no log. */
  readonly offline: readonly string[];
}

/** A folder for the tests of one file, gone afterwards. */
export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'pratique-e2e-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const cache = join(folder, 'cache');
  writeDatabase(cache);
  const offline = ['--cache-dir', cache, '--skip-db-update', '--format', 'json', '--quiet'];
  return { folder, at: (...names) => join(folder, ...names), cache, offline };
}
