/**
 * One branch or leaf page of a bbolt file, checked as a whole before anything of it is used.
 * Shape   header (id u64, flags u16, count u16, overflow u32); `count` elements of 16 bytes; then keys and values, packed
 *         in the order of the elements: leaf element = flags, position, key size, value size (u32 each), branch element =
 *         position, key size (u32), child page (u64). Positions count from the element's own first byte.
 * Yields  keys and values as views of the page: nothing is copied.
 * Errors  FormatError when an element leaves the page, data are not packed, or keys do not ascend in byte order. The
 *         packing rule is stricter than readers need; every writer obeys it, and it makes most damage visible.
 * Source  https://github.com/etcd-io/bbolt/blob/main/internal/common/page.go
 */
import { FormatError } from '#base';
import { pageHeaderSize, readU64 } from './bbolt-meta.js';

export const pageFlags = { branch: 0x01, leaf: 0x02, freelist: 0x10 } as const;
export const elementSize = 16;
export const bucketElement = 0x01;
const maxKeySize = 32768;

export interface PageHeader {
  readonly id: number;
  readonly flags: number;
  readonly count: number;
  readonly overflow: number;
}

export function readPageHeader(bytes: Uint8Array): PageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, pageHeaderSize);
  return {
    id: readU64(view, 0),
    flags: view.getUint16(8, true),
    count: view.getUint16(10, true),
    overflow: view.getUint32(12, true),
  };
}

export class BoltPage {
  readonly leaf: boolean;
  readonly count: number;
  /** Bytes used by header, elements and data. */
  readonly used: number;
  /** Pages it takes with its overflow. */
  readonly pages: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  /** @param name how errors call the page, such as `page 12` */
  constructor(bytes: Uint8Array, name: string) {
    if (bytes.length < pageHeaderSize) throw new FormatError(`${name}: truncated`);
    const { flags, count, overflow } = readPageHeader(bytes);
    if (flags !== pageFlags.branch && flags !== pageFlags.leaf)
      throw new FormatError(`${name}: neither a branch nor a leaf (flags ${flags})`);
    this.leaf = flags === pageFlags.leaf;
    this.count = count;
    this.pages = overflow + 1;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!this.leaf && count === 0) throw new FormatError(`${name}: a branch without children`);
    this.used = this.#check(name);
  }

  key(index: number): Uint8Array {
    const start = this.#start(index);
    return this.#bytes.subarray(start, start + this.#keySize(index));
  }

  value(index: number): Uint8Array {
    const start = this.#start(index) + this.#keySize(index);
    return this.#bytes.subarray(start, start + this.#view.getUint32(this.#element(index) + 12, true));
  }

  holdsBucket(index: number): boolean {
    return this.#view.getUint32(this.#element(index), true) === bucketElement;
  }

  child(index: number): number {
    return readU64(this.#view, this.#element(index) + 8);
  }

  /** The first index whose key is not before `key`; `count` when there is none. */
  search(key: Uint8Array): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(middle, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Order of the key at `index` against `key`: negative, zero or positive. */
  compare(index: number, key: Uint8Array): number {
    return compareRanges(this.#bytes, this.#start(index), this.#keySize(index), key, 0, key.length);
  }

  #check(name: string): number {
    const view = this.#view;
    const bytes = this.#bytes;
    let end = pageHeaderSize + this.count * elementSize;
    if (end > bytes.length) throw new FormatError(`${name}: ${this.count} elements do not fit`);
    let previousStart = 0;
    let previousSize = 0;
    for (let index = 0; index < this.count; index++) {
      const element = this.#element(index);
      const start = this.#start(index);
      const size = this.#keySize(index);
      if (start !== end || size === 0 || size > maxKeySize) throw new FormatError(`${name}: bad element ${index}`);
      end += size + (this.leaf ? view.getUint32(element + 12, true) : 0);
      if (end > bytes.length) throw new FormatError(`${name}: element ${index} ends after the page`);
      if (this.leaf && view.getUint32(element, true) > bucketElement)
        throw new FormatError(`${name}: unknown kind of element ${index}`);
      if (index > 0 && compareRanges(bytes, previousStart, previousSize, bytes, start, size) >= 0)
        throw new FormatError(`${name}: keys do not ascend at element ${index}`);
      previousStart = start;
      previousSize = size;
    }
    return end;
  }

  #element(index: number): number {
    return pageHeaderSize + index * elementSize;
  }

  #start(index: number): number {
    const element = this.#element(index);
    return element + this.#view.getUint32(this.leaf ? element + 4 : element, true);
  }

  #keySize(index: number): number {
    return this.#view.getUint32(this.#element(index) + (this.leaf ? 8 : 4), true);
  }
}

/** Byte order, as the format sorts keys. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return compareRanges(a, 0, a.length, b, 0, b.length);
}

function compareRanges(
  a: Uint8Array,
  aStart: number,
  aSize: number,
  b: Uint8Array,
  bStart: number,
  bSize: number,
): number {
  const shared = aSize < bSize ? aSize : bSize;
  for (let i = 0; i < shared; i++) {
    const difference = a[aStart + i]! - b[bStart + i]!;
    if (difference !== 0) return difference;
  }
  return aSize - bSize;
}
