/**
 * Objects of a repository by id, loose and packed, each checked against its id.
 * Limits  the caller's, in bytes of an object; objects of other repositories (`alternates`) are not looked at.
 * Errors  `FormatError` for damaged objects, `LimitError`.
 * Source  https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
 */
import { join } from 'node:path';
import { createHash, FormatError, LimitError, PratiqueError, zlib } from '#base';
import { listDirectory, openRandomAccess, type RandomAccess } from '#platform';
import type { GitObject, GitObjectType } from './object.js';
import { openPackIndex } from './pack-index.js';
import { type PackReader, readPacked } from './pack.js';

export interface GitObjects {
  /** By hexadecimal id; `undefined` when the repository does not have it. */
  read(id: string, limit: number): GitObject | undefined;
  close(): void;
}

const MAX_PACKS = 10_000;
/** `commit 1234567890\0` and the like. */
const MAX_HEADER = 32;

export function openGitObjects(commonDirectory: string): GitObjects {
  const place = join(commonDirectory, 'objects');
  const opened: RandomAccess[] = [];
  const open = (path: string): RandomAccess | undefined => {
    const file = openIfPresent(path);
    if (file) opened.push(file);
    return file;
  };
  let packs: PackReader[] | undefined;
  return {
    read(id, limit) {
      const object = readLoose(join(place, id.slice(0, 2), id.slice(2)), limit) ?? packed(id, limit);
      if (object && idOf(object, id.length) !== id) throw new FormatError(`object ${id} has other content`);
      return object;
    },
    close() {
      for (const file of opened) file.close();
      packs = [];
    },
  };

  function packed(id: string, limit: number): GitObject | undefined {
    const wanted = Buffer.from(id, 'hex');
    packs ??= openPacks(join(place, 'pack'), wanted.length, open);
    for (const pack of packs) {
      const offset = pack.offsetOf(wanted);
      if (offset !== undefined) return readPacked(pack, offset, limit);
    }
    return undefined;
  }
}

function openPacks(place: string, idLength: number, open: (path: string) => RandomAccess | undefined): PackReader[] {
  const names = itemNames(place).filter((name) => name.endsWith('.idx'));
  return names.slice(0, MAX_PACKS).flatMap((name) => {
    const index = open(join(place, name));
    const file = open(join(place, `${name.slice(0, -4)}.pack`));
    if (!index || !file) return [];
    const { find } = openPackIndex(index);
    return [{ file, idLength, offsetOf: find }];
  });
}

function readLoose(path: string, limit: number): GitObject | undefined {
  const file = openIfPresent(path);
  if (!file) return undefined;
  try {
    const most = limit + MAX_HEADER;
    if (file.size > most + (most >> 10) + 64) throw new LimitError('an object of the repository', limit);
    return parseLoose(inflated(file.read(0, file.size), most, limit));
  } finally {
    file.close();
  }
}

function inflated(bytes: Uint8Array, most: number, limit: number): Uint8Array {
  try {
    return zlib().inflateSync(bytes, { maxOutputLength: most });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new LimitError('an object of the repository', limit);
    throw new FormatError('a loose object is damaged', { cause: error });
  }
}

function parseLoose(bytes: Uint8Array): GitObject {
  const end = bytes.subarray(0, MAX_HEADER).indexOf(0);
  const header = Buffer.from(bytes.subarray(0, Math.max(0, end))).toString('latin1');
  const match = /^(commit|tree|blob|tag) (\d{1,15})$/.exec(header);
  const content = bytes.subarray(end + 1);
  if (!match || Number(match[2]) !== content.length) throw new FormatError('a loose object is damaged');
  return { type: match[1] as GitObjectType, bytes: content };
}

function idOf({ type, bytes }: GitObject, length: number): string {
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash.update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

function openIfPresent(path: string): RandomAccess | undefined {
  try {
    return openRandomAccess(path, { noFollow: true });
  } catch (error) {
    if (error instanceof PratiqueError) return undefined;
    throw error;
  }
}

function itemNames(path: string): string[] {
  try {
    return listDirectory(path).map(({ name }) => name);
  } catch (error) {
    if (error instanceof PratiqueError) return [];
    throw error;
  }
}
