/**
 * Pages of a bbolt file by number, read when asked for and kept while room is left.
 * Limits  256 MiB a page with its overflow; a cache of 16 MiB, least recently used out first.
 * Errors  FormatError when a number is out of bounds, or the page there is another one or damaged.
 */
import { FormatError } from '#base';
import { type BoltMeta, pageHeaderSize, readMeta, readU64 } from './bbolt-meta.js';
import { type Block, blockOf, BoltPage } from './bbolt-page.js';

/** Where the bytes of a database come from: a file read by position, or memory. */
export interface BoltSource {
  readonly size: number;
  /** Bytes at `offset`, exactly `length` unless the source ends before. The caller keeps and never changes them. */
  read(offset: number, length: number): Uint8Array;
}

export interface BoltStats {
  /** Pages read from the source, those of an overflow counted singly. */
  pagesRead: number;
  /** Pages found in the cache. */
  cacheHits: number;
}

const maxSpan = 256 * 1024 * 1024;
const defaultCache = 16 * 1024 * 1024;

export class BoltPager {
  readonly meta: BoltMeta;
  readonly stats: BoltStats = { pagesRead: 0, cacheHits: 0 };
  readonly #source: BoltSource;
  readonly #cache = new Map<number, { readonly page: BoltPage; readonly size: number }>();
  readonly #capacity: number;
  #cached = 0;

  /** @param capacity bytes of pages to keep */
  constructor(source: BoltSource, capacity = defaultCache) {
    this.#source = source;
    this.#capacity = capacity;
    this.meta = readMeta((offset, length) => source.read(offset, length), source.size);
  }

  page(id: number): BoltPage {
    const found = this.#cache.get(id);
    if (found) {
      this.stats.cacheHits++;
      this.#cache.delete(id);
      this.#cache.set(id, found);
      return found.page;
    }
    const block = this.block(id);
    const size = block.bytes.length;
    const page = new BoltPage(block, 0, size);
    // A page takes no more overflow than its content needs, so a damaged count shows here.
    if (page.used < size - this.meta.pageSize) throw new FormatError(`page ${id}: more overflow than content`);
    this.#keep(id, page, size);
    return page;
  }

  /** The bytes of a page with its overflow, not cached and not checked but for its number. */
  block(id: number): Block {
    const { pageSize, highWater } = this.meta;
    if (!Number.isSafeInteger(id) || id < 2 || id >= highWater) throw new FormatError(`page ${id} is out of bounds`);
    const block = this.#read(id, 1);
    const holds = readU64(block.view, 0);
    if (holds !== id) throw new FormatError(`page ${id}: holds the page ${holds}`);
    const pages = block.view.getUint32(12, true) + 1;
    if (pages === 1) return block;
    if (id + pages > highWater) throw new FormatError(`page ${id}: its overflow is out of bounds`);
    if (pages * pageSize > maxSpan) throw new FormatError(`page ${id}: larger than the limit of ${maxSpan} bytes`);
    return this.#read(id, pages);
  }

  #read(id: number, pages: number): Block {
    const length = pages * this.meta.pageSize;
    const bytes = this.#source.read(id * this.meta.pageSize, length);
    if (bytes.length !== length || length < pageHeaderSize) throw new FormatError(`page ${id}: truncated`);
    this.stats.pagesRead += pages;
    return blockOf(bytes);
  }

  #keep(id: number, page: BoltPage, size: number): void {
    this.#cache.set(id, { page, size });
    this.#cached += size;
    for (const [oldest, entry] of this.#cache) {
      if (this.#cached <= this.#capacity || oldest === id) break;
      this.#cache.delete(oldest);
      this.#cached -= entry.size;
    }
  }
}
