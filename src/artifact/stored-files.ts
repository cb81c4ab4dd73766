/**
 * The files of a saved image, by name: in a directory, or inside a tar of which only the headers are read.
 * Links inside the tar are followed inside it: `docker save` of old wrote equal layers once and linked the others.
 * Limits  200,000 files, 16 links in a row.
 */
import { join } from 'node:path';
import { FormatError, LimitError, PratiqueError } from '#base';
import { cleanPath } from '#formats';
import { openRandomAccess, type RandomAccess, sliceOf } from '#platform';
import { type PlacedEntry, placedEntries } from './walk-archive.js';

export interface StoredFiles {
  /** As the user named the place. */
  readonly path: string;
  /** The file, or `undefined` when there is none of that name. */
  open(name: string): RandomAccess | undefined;
  close(): void;
}

const MAX_FILES = 200_000;
const MAX_LINKS = 16;

export function filesOfDirectory(path: string): StoredFiles {
  const opened = new Map<string, RandomAccess>();
  return {
    path,
    open(name) {
      const inside = cleanPath(name);
      if (!inside) return undefined;
      const before = opened.get(inside);
      if (before) return before;
      try {
        const file = openRandomAccess(join(path, inside));
        opened.set(inside, file);
        return file;
      } catch (error) {
        if (error instanceof PratiqueError && error.code === 'file/not-found') return undefined;
        throw error;
      }
    },
    close() {
      for (const file of opened.values()) file.close();
    },
  };
}

/** Takes over `tar`. Throws `image/no-manifest` when it is no tar archive. */
export function filesOfTar(path: string, tar: RandomAccess): StoredFiles {
  const index = indexOf(path, tar);
  const find = (name: string, links = 0): RandomAccess | undefined => {
    const inside = cleanPath(name);
    const placed = inside ? index.get(inside) : undefined;
    if (!inside || !placed || links > MAX_LINKS) return undefined;
    const { entry, offset } = placed;
    if (entry.type === 'file' && !entry.sparse) return sliceOf(tar, offset, entry.size);
    if (entry.type === 'symlink') {
      return find(entry.link.startsWith('/') ? entry.link : `${inside}/../${entry.link}`, links + 1);
    }
    return entry.type === 'hard-link' ? find(entry.link, links + 1) : undefined;
  };
  return { path, open: (name) => find(name), close: () => tar.close() };
}

function indexOf(path: string, tar: RandomAccess): ReadonlyMap<string, PlacedEntry> {
  if (tar.size === 0) throw new PratiqueError('image/no-manifest', { path, reason: 'the file is empty' });
  const index = new Map<string, PlacedEntry>();
  let count = 0;
  try {
    for (const placed of placedEntries(tar)) {
      const name = cleanPath(placed.entry.path);
      // Of two entries of one name, the first holds, as for the reference.
      if (name && !index.has(name)) index.set(name, placed);
      if (++count > MAX_FILES) {
        throw new PratiqueError('limit/exceeded', { what: `the number of files in ${path}`, limit: MAX_FILES });
      }
    }
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof LimitError)) throw error;
    if (index.size === 0)
      throw new PratiqueError('image/no-manifest', { path, reason: 'it is not a tar archive' }, error);
    if (error.message.includes('unexpected end')) throw new PratiqueError('artifact/truncated', { what: path }, error);
    throw new PratiqueError('artifact/corrupt', { what: path, reason: error.message }, error);
  }
  return index;
}
