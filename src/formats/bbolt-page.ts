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
/** Root page (u64) and sequence (u64), in front of an inline page. */
export const bucketHeaderSize = 16;
const maxKeySize = 32768;

/** Bytes with the two ways to read them, made once for all that lies in them. */
export interface Block {
  readonly bytes: Buffer;
  readonly view: DataView;
}

export function blockOf({ buffer, byteOffset, byteLength }: Uint8Array): Block {
  return { bytes: Buffer.from(buffer, byteOffset, byteLength), view: new DataView(buffer, byteOffset, byteLength) };
}

export class BoltPage {
  readonly id: number;
  readonly flags: number;
  readonly count: number;
  /** Pages it takes with its overflow. */
  readonly pages: number;
  readonly leaf: boolean;
  /** Bytes used by header, elements and data. */
  readonly used: number;
  readonly #block: Block;
  /** Where the first element is, in the block. */
  readonly #elements: number;

  /** The page that lies in `block` from `start` to `end`. */
  constructor(block: Block, start: number, end: number) {
    if (end - start < pageHeaderSize) throw new FormatError('a page is truncated');
    const { view } = block;
    this.#block = block;
    this.#elements = start + pageHeaderSize;
    this.id = readU64(view, start);
    this.flags = view.getUint16(start + 8, true);
    this.count = view.getUint16(start + 10, true);
    this.pages = view.getUint32(start + 12, true) + 1;
    this.leaf = this.flags === pageFlags.leaf;
    if (!this.leaf && this.flags !== pageFlags.branch) this.#fail(`neither a branch nor a leaf (flags ${this.flags})`);
    if (!this.leaf && this.count === 0) this.#fail('a branch without children');
    this.used = this.#check(end) - start;
  }

  key(index: number): Uint8Array {
    const start = this.#start(index);
    return this.#block.bytes.subarray(start, start + this.#keySize(index));
  }

  keyText(index: number): string {
    const start = this.#start(index);
    return this.#text(start, start + this.#keySize(index));
  }

  value(index: number): Uint8Array {
    const start = this.#start(index) + this.#keySize(index);
    return this.#block.bytes.subarray(start, start + this.#valueSize(index));
  }

  valueText(index: number): string {
    const start = this.#start(index) + this.#keySize(index);
    return this.#text(start, start + this.#valueSize(index));
  }

  holdsBucket(index: number): boolean {
    return this.#block.view.getUint32(this.#elements + index * elementSize, true) === bucketElement;
  }

  /** The root page of the bucket at `index`, or its only page, which lies inline behind a root number of 0. */
  bucketRoot(index: number): number | BoltPage {
    const start = this.#start(index) + this.#keySize(index);
    const size = this.#valueSize(index);
    if (size < bucketHeaderSize) throw new FormatError(`page ${this.id}: a bucket is truncated`);
    const root = readU64(this.#block.view, start);
    if (root !== 0) return root;
    const page = new BoltPage(this.#block, start + bucketHeaderSize, start + size);
    if (!page.leaf || page.used !== size - bucketHeaderSize)
      throw new FormatError(`page ${this.id}: an inline bucket is not one leaf exactly`);
    return page;
  }

  child(index: number): number {
    return readU64(this.#block.view, this.#elements + index * elementSize + 8);
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
    return compareRanges(this.#block.bytes, this.#start(index), this.#keySize(index), key, 0, key.length);
  }

  /** Order of the key at `index` against a key of another page. */
  compareTo(index: number, other: BoltPage, at: number): number {
    const { bytes } = other.#block;
    const start = other.#start(at);
    return compareRanges(this.#block.bytes, this.#start(index), this.#keySize(index), bytes, start, other.#keySize(at));
  }

  /** Where the data end. */
  #check(end: number): number {
    const { view, bytes } = this.#block;
    const leaf = this.leaf;
    const fields = leaf ? 4 : 0;
    let element = this.#elements;
    let data = element + this.count * elementSize;
    if (data > end) this.#fail(`${this.count} elements do not fit`);
    let previous = 0;
    let previousSize = 0;
    for (let index = 0; index < this.count; index++, element += elementSize) {
      const start = element + view.getUint32(element + fields, true);
      const size = view.getUint32(element + fields + 4, true);
      if (start !== data || size === 0 || size > maxKeySize) this.#fail(`element ${index} is not in its place`);
      data += leaf ? size + view.getUint32(element + 12, true) : size;
      if (data > end) this.#fail(`element ${index} ends after the page`);
      if (leaf && view.getUint32(element, true) > bucketElement) this.#fail(`element ${index} is of an unknown kind`);
      if (index > 0 && compareRanges(bytes, previous, previousSize, bytes, start, size) >= 0)
        this.#fail(`keys do not ascend at element ${index}`);
      previous = start;
      previousSize = size;
    }
    return data;
  }

  #fail(problem: string): never {
    throw new FormatError(`page ${this.id}: ${problem}`);
  }

  #text(start: number, end: number): string {
    // No encoding means UTF-8, without looking its name up: a third of the time for short texts.
    return this.#block.bytes.toString(undefined, start, end);
  }

  #start(index: number): number {
    const element = this.#elements + index * elementSize;
    return element + this.#block.view.getUint32(this.leaf ? element + 4 : element, true);
  }

  #keySize(index: number): number {
    return this.#block.view.getUint32(this.#elements + index * elementSize + (this.leaf ? 8 : 4), true);
  }

  #valueSize(index: number): number {
    return this.#block.view.getUint32(this.#elements + index * elementSize + 12, true);
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
