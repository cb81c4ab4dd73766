/**
 * Read-only Berkeley DB hash databases, versions 4 to 6 of the library (hash format 5 to 10): all key and value pairs.
 * Reads   page after page by position, either byte order; overflow chains are followed. Never the whole file.
 * Not     other access methods, duplicates, encryption: refused or left out with a word to `damaged`.
 * Limits  64 MiB a value; an overflow chain is no longer than its value needs and no page is in it twice.
 * Errors  `FormatError` when the file is no hash database; damage of one item is told to `damaged`.
 * Source  https://github.com/berkeleydb/libdb/blob/master/src/dbinc/db_page.h
 */
import { FormatError, LimitError } from '#base';
import type { ByteSource } from './zip.js';

const HASH_MAGIC = 0x061561;
const META_SIZE = 72;
const PAGE_HEADER = 26;
const CHECKSUMMED_HEADER = 32;
const MAX_VALUE = 64 * 1024 * 1024;
const MAX_DAMAGES = 10_000;

const pageType = { hashUnsorted: 2, overflow: 7, hashMeta: 8, hash: 13 } as const;
const itemType = { keyData: 1, offPage: 3 } as const;

export interface KeyValue {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

interface Database {
  readonly source: ByteSource;
  readonly pageSize: number;
  readonly pageCount: number;
  readonly littleEndian: boolean;
  /** Where the index of items, or the content of an overflow page, begins. */
  readonly header: number;
}

export function isBerkeleyHash(head: Uint8Array): boolean {
  if (head.length < META_SIZE) return false;
  const view = viewOf(head);
  return view.getUint32(12, true) === HASH_MAGIC || view.getUint32(12, false) === HASH_MAGIC;
}

export function* berkeleyPairs(
  source: ByteSource,
  damaged: (error: FormatError | LimitError) => void,
): Generator<KeyValue> {
  const db = openMeta(source);
  let left = MAX_DAMAGES;
  for (let number = 1; number < db.pageCount; number++) {
    const page = readPage(db, number);
    if (page[25] !== pageType.hash && page[25] !== pageType.hashUnsorted) continue;
    const items = viewOf(page).getUint16(20, db.littleEndian);
    for (let i = 0; i + 1 < items; i += 2) {
      const pair = attempt(db, page, i, (error) => {
        if (left-- <= 0) throw error;
        damaged(error);
      });
      if (pair) yield pair;
    }
  }
}

function openMeta(source: ByteSource): Database {
  const head = source.read(0, META_SIZE);
  if (!isBerkeleyHash(head)) throw new FormatError('not a Berkeley DB hash database');
  const view = viewOf(head);
  const littleEndian = view.getUint32(12, true) === HASH_MAGIC;
  const pageSize = view.getUint32(20, littleEndian);
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) {
    throw new FormatError('Berkeley DB: impossible page size');
  }
  if (head[24] !== 0) throw new FormatError('Berkeley DB: the database is encrypted');
  if (head[25] !== pageType.hashMeta) throw new FormatError('Berkeley DB: no hash metadata page');
  return {
    source,
    pageSize,
    pageCount: Math.floor(source.size / pageSize),
    littleEndian,
    header: (head[26]! & 1) === 1 ? CHECKSUMMED_HEADER : PAGE_HEADER,
  };
}

function attempt(
  db: Database,
  page: Uint8Array,
  index: number,
  damaged: (error: FormatError | LimitError) => void,
): KeyValue | undefined {
  try {
    return { key: itemAt(db, page, index), value: itemAt(db, page, index + 1) };
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof LimitError)) throw error;
    damaged(error);
    return undefined;
  }
}

/** Items are laid down from the end of the page: each ends where the one before it begins. */
function itemAt(db: Database, page: Uint8Array, index: number): Uint8Array {
  const view = viewOf(page);
  const offset = (i: number): number => {
    const at = db.header + i * 2;
    if (at + 2 > page.length) throw new FormatError('Berkeley DB: item index outside its page');
    return view.getUint16(at, db.littleEndian);
  };
  const start = offset(index);
  const end = index === 0 ? page.length : offset(index - 1);
  if (start < db.header || start >= end || end > page.length) {
    throw new FormatError('Berkeley DB: item outside its page');
  }
  const type = page[start];
  if (type === itemType.keyData) return page.subarray(start + 1, end);
  if (type !== itemType.offPage || start + 12 > page.length) {
    throw new FormatError(`Berkeley DB: item of unknown type ${type}`);
  }
  return readOverflow(db, view.getUint32(start + 4, db.littleEndian), view.getUint32(start + 8, db.littleEndian));
}

function readOverflow(db: Database, first: number, length: number): Uint8Array {
  if (length > MAX_VALUE) throw new LimitError('Berkeley DB value', MAX_VALUE);
  if (length > db.source.size) throw new FormatError('Berkeley DB: value larger than the file');
  const value = new Uint8Array(length);
  let at = 0;
  for (let number = first; at < length;) {
    const page = readPage(db, number);
    const view = viewOf(page);
    const used = view.getUint16(22, db.littleEndian);
    if (page[25] !== pageType.overflow || used === 0 || db.header + used > page.length) {
      throw new FormatError('Berkeley DB: broken overflow chain');
    }
    const part = Math.min(used, length - at);
    value.set(page.subarray(db.header, db.header + part), at);
    at += part;
    number = view.getUint32(16, db.littleEndian);
  }
  return value;
}

function readPage(db: Database, number: number): Uint8Array {
  if (number < 1 || number >= db.pageCount) throw new FormatError('Berkeley DB: page outside the file');
  const page = db.source.read(number * db.pageSize, db.pageSize);
  if (page.length < db.pageSize) throw new FormatError('Berkeley DB: truncated page');
  return page;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
