/**
 * Pages of a SQLite file: the database header, b-tree page headers, cells and overflow chains.
 * Reads   positioned, one page at a time; a few pages are kept. Never the whole file.
 * Limits  a payload of 64 MiB; an overflow chain no longer than its payload needs.
 * Errors  `FormatError` for damage, `LimitError` for a payload over the limit.
 * Source  https://www.sqlite.org/fileformat2.html
 */
import { FormatError, LimitError } from '#base';
import { VarintCursor, type SqliteEncoding } from './sqlite-record.js';
import type { ByteSource } from './zip.js';

const MAX_PAYLOAD = 64 * 1024 * 1024;
const CACHED_PAGES = 64;
const MAGIC = 'SQLite format 3\0';
const encodings: readonly SqliteEncoding[] = ['utf-8', 'utf-16le', 'utf-16be'];

export type PageKind = 'table-interior' | 'table-leaf' | 'index-interior' | 'index-leaf';
const kinds: Readonly<Record<number, PageKind>> = {
  2: 'index-interior',
  5: 'table-interior',
  10: 'index-leaf',
  13: 'table-leaf',
};

export interface TreePage {
  readonly kind: PageKind;
  readonly bytes: Uint8Array;
  /** Offset of the array of cell offsets. */
  readonly pointers: number;
  readonly cells: number;
  /** Right-most child; interior pages only. */
  readonly rightmost: number;
}

export class SqlitePages {
  readonly encoding: SqliteEncoding;
  readonly count: number;
  readonly #source: ByteSource;
  readonly #pageSize: number;
  readonly #usable: number;
  readonly #kept = new Map<number, TreePage>();

  constructor(source: ByteSource) {
    const header = source.read(0, 100);
    if (header.length < 100 || Buffer.from(header.subarray(0, 16)).toString('latin1') !== MAGIC) {
      throw new FormatError('not a SQLite database');
    }
    const view = viewOf(header);
    const declared = view.getUint16(16);
    this.#pageSize = declared === 1 ? 65536 : declared;
    this.#usable = this.#pageSize - header[20]!;
    if (this.#pageSize < 512 || (this.#pageSize & (this.#pageSize - 1)) !== 0 || this.#usable < 480) {
      throw new FormatError('SQLite: impossible page size');
    }
    // An empty database has no encoding yet.
    const encoding = encodings[Math.max(view.getUint32(56), 1) - 1];
    if (!encoding) throw new FormatError('SQLite: unknown text encoding');
    this.encoding = encoding;
    this.count = Math.floor(source.size / this.#pageSize);
    this.#source = source;
  }

  tree(number: number): TreePage {
    const kept = this.#kept.get(number);
    if (kept) return kept;
    const bytes = this.#raw(number);
    const start = number === 1 ? 100 : 0;
    const kind = kinds[bytes[start]!];
    if (!kind) throw new FormatError(`SQLite: page ${number} is not a b-tree page`);
    const view = viewOf(bytes);
    const interior = kind.endsWith('interior');
    const pointers = start + (interior ? 12 : 8);
    const cells = view.getUint16(start + 3);
    if (pointers + cells * 2 > this.#usable) throw new FormatError(`SQLite: page ${number} has too many cells`);
    const page = { kind, bytes, pointers, cells, rightmost: interior ? view.getUint32(start + 8) : 0 };
    if (this.#kept.size >= CACHED_PAGES) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(number, page);
    return page;
  }

  /** Left child of a cell of an interior page. */
  child(page: TreePage, index: number): number {
    return viewOf(page.bytes).getUint32(this.#cellAt(page, index));
  }

  /** Row id of a cell of a table page. */
  rowid(page: TreePage, index: number): number | bigint {
    const cursor = new VarintCursor(page.bytes, this.#cellAt(page, index));
    if (page.kind === 'table-interior') cursor.at += 4;
    else cursor.length();
    return cursor.integer();
  }

  /** Payload of a cell of any page but `table-interior`. */
  payload(page: TreePage, index: number): Uint8Array {
    const cursor = new VarintCursor(page.bytes, this.#cellAt(page, index));
    if (page.kind === 'index-interior') cursor.at += 4;
    const length = cursor.length();
    if (length > MAX_PAYLOAD) throw new LimitError('SQLite record', MAX_PAYLOAD);
    if (page.kind === 'table-leaf') cursor.integer();
    const local = this.#localLength(length, page.kind === 'table-leaf');
    const end = cursor.at + local;
    if (end > this.#usable) throw new FormatError('SQLite: cell past the end of its page');
    if (local === length) return page.bytes.subarray(cursor.at, end);
    if (end + 4 > this.#usable) throw new FormatError('SQLite: cell past the end of its page');
    return this.#withOverflow(page.bytes.subarray(cursor.at, end), length, viewOf(page.bytes).getUint32(end));
  }

  #cellAt(page: TreePage, index: number): number {
    const at = viewOf(page.bytes).getUint16(page.pointers + index * 2);
    if (at < page.pointers || at + 4 > this.#usable) throw new FormatError('SQLite: cell offset outside its page');
    return at;
  }

  #localLength(length: number, table: boolean): number {
    const most = table ? this.#usable - 35 : Math.floor(((this.#usable - 12) * 64) / 255) - 23;
    if (length <= most) return length;
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const fitting = least + ((length - least) % (this.#usable - 4));
    return fitting <= most ? fitting : least;
  }

  #withOverflow(local: Uint8Array, length: number, first: number): Uint8Array {
    // Refused before allocation: a payload cannot be larger than the file that holds it.
    if (length > this.#source.size) throw new FormatError('SQLite: record larger than the file');
    const whole = new Uint8Array(length);
    whole.set(local);
    let at = local.length;
    for (let next = first; at < length;) {
      const page = this.#raw(next);
      const part = Math.min(this.#usable - 4, length - at);
      whole.set(page.subarray(4, 4 + part), at);
      at += part;
      next = viewOf(page).getUint32(0);
    }
    return whole;
  }

  #raw(number: number): Uint8Array {
    if (number < 1 || number > this.count) throw new FormatError(`SQLite: page ${number} outside the file`);
    const bytes = this.#source.read((number - 1) * this.#pageSize, this.#pageSize);
    if (bytes.length < this.#pageSize) throw new FormatError(`SQLite: page ${number} is truncated`);
    return bytes;
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
