/**
 * The two meta pages of a bbolt file: where the tree begins and how far the file goes.
 * Shape   little-endian; page header (16 bytes), then magic, version, page size, flags (u32 each), root page, sequence,
 *         freelist page, high-water mark, transaction id and FNV-64a of the 56 bytes before it (u64 each).
 * Yields  the valid one with the higher transaction id; a torn write leaves the older one.
 * Errors  FormatError when neither is valid or the file is shorter than its high-water mark.
 * Source  https://pkg.go.dev/go.etcd.io/bbolt#hdr-Caveats and https://github.com/etcd-io/bbolt/blob/main/internal/common/meta.go
 */
import { FormatError } from '#base';

export interface BoltMeta {
  readonly pageSize: number;
  readonly root: number;
  /** `undefined` when the file was written without one. */
  readonly freelist: number | undefined;
  /** Pages in use are numbered below this. */
  readonly highWater: number;
  readonly transaction: bigint;
}

export const pageHeaderSize = 16;
export const metaSize = 64;
const magic = 0xed0cdaed;
const formatVersion = 2;
const checkedBytes = 56;
const noFreelist = 0xffff_ffff_ffff_ffffn;
const smallestPage = 512;
const largestPage = 16 * 1024 * 1024;

/** Reads `length` bytes at `offset`; fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Uint8Array;

export function readMeta(readAt: ReadAt, fileSize: number): BoltMeta {
  const first = parseMeta(readAt(0, pageHeaderSize + metaSize));
  const second = first ? readSecond(readAt, first.pageSize) : findSecond(readAt, fileSize);
  const meta = first && second ? (second.transaction > first.transaction ? second : first) : (first ?? second);
  if (!meta) throw new FormatError('not a bbolt file: no valid meta page');
  if (meta.highWater * meta.pageSize > fileSize)
    throw new FormatError(`truncated: ${fileSize} bytes where ${meta.highWater * meta.pageSize} are in use`);
  if (meta.root < 2 || meta.root >= meta.highWater) throw new FormatError(`root page ${meta.root} is out of bounds`);
  return meta;
}

/** One meta page, header included. */
export function encodeMeta(page: 0 | 1, meta: Omit<BoltMeta, 'transaction'>): Uint8Array {
  const bytes = new Uint8Array(meta.pageSize);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(page), true);
  view.setUint16(8, 0x04, true);
  const at = pageHeaderSize;
  view.setUint32(at, magic, true);
  view.setUint32(at + 4, formatVersion, true);
  view.setUint32(at + 8, meta.pageSize, true);
  view.setBigUint64(at + 16, BigInt(meta.root), true);
  view.setBigUint64(at + 32, meta.freelist === undefined ? noFreelist : BigInt(meta.freelist), true);
  view.setBigUint64(at + 40, BigInt(meta.highWater), true);
  view.setBigUint64(at + 48, BigInt(page), true);
  view.setBigUint64(at + 56, fnv64a(bytes.subarray(at, at + checkedBytes)), true);
  return bytes;
}

/** A page number or size that does not fit a double exactly is out of bounds anyway: it reads as infinity. */
export function readU64(view: DataView, offset: number): number {
  const high = view.getUint32(offset + 4, true);
  return high > 0x1f_ffff ? Infinity : high * 0x1_0000_0000 + view.getUint32(offset, true);
}

function readSecond(readAt: ReadAt, pageSize: number): BoltMeta | undefined {
  const meta = parseMeta(readAt(pageSize, pageHeaderSize + metaSize));
  return meta?.pageSize === pageSize ? meta : undefined;
}

/** Without the first meta page the page size is unknown: the second one is tried where each size would put it. */
function findSecond(readAt: ReadAt, fileSize: number): BoltMeta | undefined {
  for (let size = smallestPage; size <= largestPage && size < fileSize; size *= 2) {
    const meta = readSecond(readAt, size);
    if (meta) return meta;
  }
  return undefined;
}

function parseMeta(page: Uint8Array): BoltMeta | undefined {
  if (page.length < pageHeaderSize + metaSize) return undefined;
  const view = new DataView(page.buffer, page.byteOffset + pageHeaderSize, metaSize);
  if (view.getUint32(0, true) !== magic || view.getUint32(4, true) !== formatVersion) return undefined;
  const checked = page.subarray(pageHeaderSize, pageHeaderSize + checkedBytes);
  if (view.getBigUint64(checkedBytes, true) !== fnv64a(checked)) return undefined;
  const pageSize = view.getUint32(8, true);
  if (pageSize < smallestPage || pageSize > largestPage || (pageSize & (pageSize - 1)) !== 0) return undefined;
  return {
    pageSize,
    root: readU64(view, 16),
    freelist: view.getBigUint64(32, true) === noFreelist ? undefined : readU64(view, 32),
    highWater: readU64(view, 40),
    transaction: view.getBigUint64(48, true),
  };
}

/** http://www.isthe.com/chongo/tech/comp/fnv/#FNV-1a */
function fnv64a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
