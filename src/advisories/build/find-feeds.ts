/**
 * The feeds in a directory: one folder (or file) each, as their archives unpack; also the folder by the source's id.
 * Yields  their files in byte order of paths. Symbolic links are not followed; folders whose name begins with a dot are
 *         left out. `feeds.json`, if there, tells dates of feeds that do not tell one: `{"alpine": "2020-06-30"}`.
 * Limits  count of files, size of one file (`#base` limits).
 * Errors  `file/not-found`, `file/unreadable`; LimitError.
 */
import { readdirSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LimitError, limits, PratiqueError } from '#base';
import { entriesOf } from '#formats';
import { fileError, readIfPresent } from '#platform';
import type { AdvisorySource, Feed, FeedFile } from '../sources/advisory-source.js';
import { parseFeedJson } from '../sources/parse-feed.js';

/** `undefined` when the directory has no such feed. */
export function findFeed(directory: string, source: Pick<AdvisorySource, 'id' | 'feed'>): Feed | undefined {
  for (const name of [source.feed, `${source.feed}.xz`, source.id]) {
    const path = join(directory, name);
    const status = statSync(path, { throwIfNoEntry: false });
    if (status?.isFile()) return { files: [feedFile(path, basename(path))] };
    if (status?.isDirectory()) return { files: filesBelow(path) };
  }
  return undefined;
}

export function checkDirectory(directory: string): void {
  const status = statSync(directory, { throwIfNoEntry: false });
  if (!status) throw new PratiqueError('file/not-found', { path: directory });
  if (!status.isDirectory()) throw new PratiqueError('file/unreadable', { path: directory, reason: 'not a directory' });
}

/** Dates by folder of the feed. */
export async function statedDates(directory: string): Promise<ReadonlyMap<string, string>> {
  const path = join(directory, 'feeds.json');
  const bytes = await readIfPresent(path, limits.manifest);
  if (!bytes) return new Map();
  const dates = entriesOf(parseFeedJson(new TextDecoder().decode(bytes)));
  return new Map(dates.filter((entry): entry is [string, string] => /^\d{4}-\d\d(?:-\d\d)?$/.test(String(entry[1]))));
}

function filesBelow(root: string): FeedFile[] {
  const paths: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of entriesOfFolder(join(root, folder))) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isFile()) paths.push(path);
      else if (entry.isDirectory() && !entry.name.startsWith('.')) visit(path);
      if (paths.length > limits.entries) throw new LimitError(root, limits.entries);
    }
  };
  visit('');
  return paths.sort().map((path) => feedFile(join(root, path), path));
}

function entriesOfFolder(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw fileError(path, error, 'read');
  }
}

function feedFile(fullPath: string, path: string): FeedFile {
  const bytes = async (): Promise<Uint8Array> => {
    try {
      const { size } = await stat(fullPath);
      if (size > limits.textFile) throw new LimitError(path, limits.textFile);
      return await readFile(fullPath);
    } catch (error) {
      throw error instanceof LimitError ? error : fileError(fullPath, error, 'read');
    }
  };
  return { path, bytes, text: async () => new TextDecoder().decode(await bytes()) };
}
