/**
 * Writes a bbolt database in one pass: the pages of a bucket bottom-up and in order, the meta pages last.
 * Shape   two meta pages with the same tree, an empty list of free pages, then branch and leaf pages filled to the brim.
 *         Small buckets without nested ones are inline, as the reference implementation has them (a quarter page).
 * Yields  the same bytes for the same tree, whatever the order it comes in.
 * Limits  memory holds the keys of the buckets on the way down and one page each; nested trees may be made while they are
 *         read. Keys have 1 to 32768 bytes, values less than 2 GiB.
 * Errors  FormatError for a key that is empty, too long or there twice, and for values too long.
 * Source  https://github.com/etcd-io/bbolt (layout), its Bucket.inlineable and node.spill (rules)
 */
import { FormatError } from '#base';
import type { BoltKey } from './bbolt-bucket.js';
import { encodeMeta, pageHeaderSize } from './bbolt-meta.js';
import { bucketElement, bucketHeaderSize, compareBytes, elementSize, pageFlags } from './bbolt-page.js';

/** Keys in any order, each with a value or a nested tree. A `Map` is one. */
export type BoltTree = Iterable<readonly [BoltKey, BoltNode]>;
export type BoltNode = Uint8Array | BoltTree;

/** Takes bytes in rising order of offsets, except the last call: the two meta pages at 0. */
export type BoltSink = (offset: number, bytes: Uint8Array) => void;

export interface BoltWriteOptions {
  /** A power of two from 1024 to 65536; the default is 4096. */
  readonly pageSize?: number;
}

const maxKeySize = 32768;
const maxValueSize = 2 ** 31 - 2;
const maxDepth = 64;
const firstPage = 2;
const encoder = new TextEncoder();

export function encodeBolt(tree: BoltTree, sink: BoltSink, options: BoltWriteOptions = {}): void {
  const pageSize = options.pageSize ?? 4096;
  if (pageSize < 1024 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0)
    throw new FormatError(`a page cannot have ${pageSize} bytes`);
  const out = new PageWriter(pageSize, sink);
  const freelist = out.write(pageFlags.freelist, []);
  const root = writeTree(out, tree, 0, false);
  const meta = { pageSize, root: root.id, freelist, highWater: out.next };
  const metas = new Uint8Array(2 * pageSize);
  metas.set(encodeMeta(0, meta));
  metas.set(encodeMeta(1, meta), pageSize);
  sink(0, metas);
}

/** A database in memory. */
export function boltBytes(tree: BoltTree, options: BoltWriteOptions = {}): Uint8Array {
  const chunks: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  let size = 0;
  encodeBolt(
    tree,
    (offset, bytes) => {
      chunks.push({ offset, bytes });
      size = Math.max(size, offset + bytes.length);
    },
    options,
  );
  const out = new Uint8Array(size);
  for (const { offset, bytes } of chunks) out.set(bytes, offset);
  return out;
}

interface Element {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly flags: number;
  /** Of branch elements. */
  readonly child: number;
}

/** Writes the pages of a bucket; one small enough is returned as the bytes of its leaf instead. */
function writeTree(
  out: PageWriter,
  tree: BoltTree,
  depth: number,
  mayInline: boolean,
): { readonly id: number; readonly inline?: Uint8Array } {
  if (depth > maxDepth) throw new FormatError(`buckets are nested more than ${maxDepth} deep`);
  const children: Element[] = [];
  let leaf: Element[] = [];
  let size = pageHeaderSize;
  for (const [key, node] of sortedEntries(tree)) {
    const element = leafElement(out, key, node, depth);
    const added = elementSize + element.key.length + element.value.length;
    if (leaf.length > 0 && size + added > out.pageSize) {
      children.push(branchElement(leaf, out.write(pageFlags.leaf, leaf)));
      leaf = [];
      size = pageHeaderSize;
    }
    leaf.push(element);
    size += added;
  }
  const small = size <= out.pageSize / 4 && leaf.every(({ flags }) => flags === 0);
  if (mayInline && children.length === 0 && small)
    return { id: 0, inline: pageBytes({ id: 0, overflow: 0, length: size }, pageFlags.leaf, leaf) };
  const last = out.write(pageFlags.leaf, leaf);
  if (children.length === 0) return { id: last };
  return { id: writeBranches(out, [...children, branchElement(leaf, last)]) };
}

/** Levels of branch pages until one page is the root. */
function writeBranches(out: PageWriter, children: readonly Element[]): number {
  let level = children;
  while (level.length > 1) {
    const groups: Element[][] = [];
    let size = 0;
    for (const child of level) {
      const added = elementSize + child.key.length;
      const group = groups.at(-1);
      // Two children at least, even where long keys take an overflow page: each level is at most half the one below.
      if (group && (group.length < 2 || size + added <= out.pageSize)) group.push(child);
      else {
        groups.push([child]);
        size = pageHeaderSize;
      }
      size += added;
    }
    if (groups.length > 1 && groups.at(-1)!.length === 1) groups.at(-2)!.push(...groups.pop()!);
    level = groups.map((group) => branchElement(group, out.write(pageFlags.branch, group)));
  }
  return level[0]!.child;
}

function leafElement(out: PageWriter, key: Uint8Array, node: BoltNode, depth: number): Element {
  if (node instanceof Uint8Array) {
    if (node.length > maxValueSize) throw new FormatError('a value is too long for the format');
    return { key, value: node, flags: 0, child: 0 };
  }
  const { id, inline } = writeTree(out, node, depth + 1, true);
  const value = new Uint8Array(bucketHeaderSize + (inline?.length ?? 0));
  new DataView(value.buffer).setBigUint64(0, BigInt(id), true);
  if (inline) value.set(inline, bucketHeaderSize);
  return { key, value, flags: bucketElement, child: 0 };
}

function branchElement(page: readonly Element[], child: number): Element {
  return { key: page[0]!.key, value: new Uint8Array(), flags: 0, child };
}

function sortedEntries(tree: BoltTree): (readonly [Uint8Array, BoltNode])[] {
  const entries: (readonly [Uint8Array, BoltNode])[] = [];
  for (const [key, node] of tree) {
    const bytes = typeof key === 'string' ? encoder.encode(key) : key;
    if (bytes.length === 0 || bytes.length > maxKeySize) throw new FormatError(`a key has ${bytes.length} bytes`);
    entries.push([bytes, node]);
  }
  entries.sort(([a], [b]) => compareBytes(a, b));
  const twice = entries.findIndex(([key], i) => i > 0 && compareBytes(entries[i - 1]![0], key) === 0);
  if (twice >= 0) throw new FormatError(`the key ${new TextDecoder().decode(entries[twice]![0])} is there twice`);
  return entries;
}

/** Numbers pages and hands them on in order. */
class PageWriter {
  readonly pageSize: number;
  next = firstPage;
  readonly #sink: BoltSink;

  constructor(pageSize: number, sink: BoltSink) {
    this.pageSize = pageSize;
    this.#sink = sink;
  }

  write(flags: number, elements: readonly Element[]): number {
    const used = elements.reduce((sum, e) => sum + elementSize + e.key.length + e.value.length, pageHeaderSize);
    const pages = Math.ceil(used / this.pageSize);
    const id = this.next;
    this.next += pages;
    const length = pages * this.pageSize;
    this.#sink(id * this.pageSize, pageBytes({ id, overflow: pages - 1, length }, flags, elements));
    return id;
  }
}

function pageBytes(
  { id, overflow, length }: { readonly id: number; readonly overflow: number; readonly length: number },
  flags: number,
  elements: readonly Element[],
): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let end = pageHeaderSize + elements.length * elementSize;
  let at = pageHeaderSize;
  for (const { key, value, flags: kind, child } of elements) {
    if (flags === pageFlags.leaf) {
      view.setUint32(at, kind, true);
      view.setUint32(at + 4, end - at, true);
      view.setUint32(at + 8, key.length, true);
      view.setUint32(at + 12, value.length, true);
    } else {
      view.setUint32(at, end - at, true);
      view.setUint32(at + 4, key.length, true);
      view.setBigUint64(at + 8, BigInt(child), true);
    }
    bytes.set(key, end);
    bytes.set(value, end + key.length);
    end += key.length + value.length;
    at += elementSize;
  }
  view.setBigUint64(0, BigInt(id), true);
  view.setUint16(8, flags, true);
  view.setUint16(10, elements.length, true);
  view.setUint32(12, overflow, true);
  return bytes;
}
