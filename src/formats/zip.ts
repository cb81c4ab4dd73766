/**
 * Zip archives (jar, war, egg, nupkg) by their central directory.
 * Reads   ranges of a file: the end record, the directory, then single entries; methods stored and deflated; zip64;
 *         data before the archive (self-extracting programs, executable jars).
 * Yields  entries in directory order, lazily; content on request.
 * Limits  directory 64 MiB; one entry `limits.zipEntry` or what the caller allows. Sizes in bytes.
 * Errors  `FormatError` for what is no archive or is damaged, `LimitError` over a limit.
 * Source  https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { FormatError, LimitError, limits, zlib } from '#base';

/** Bytes that can be read by range; every `SourceFile` is one. */
export interface ByteSource {
  readonly size: number;
  /** `length` bytes from `offset`; shorter at the end. */
  read(offset: number, length: number): Uint8Array;
}

export interface ZipEntry {
  /** As written in the archive: not safe as a path, may end in `/` for a directory. */
  readonly path: string;
  readonly size: number;
  readonly compressedSize: number;
  readonly method: number;
  readonly encrypted: boolean;
  /** Where the local header starts in the source. */
  readonly offset: number;
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

export function* zipEntries(source: ByteSource): Generator<ZipEntry, void, undefined> {
  const directory = findDirectory(source);
  const bytes = source.read(directory.start, directory.size);
  const view = viewOf(bytes);
  let at = 0;
  for (let left = directory.count; left > 0; left--) {
    if (at + entryHeader > bytes.length || view.getUint32(at, true) !== entryMark) throw damaged('directory entry');
    const nameEnd = at + entryHeader + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    if (extraEnd > bytes.length) throw damaged('directory entry');
    yield {
      path: utf8.decode(bytes.subarray(at + entryHeader, nameEnd)),
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      ...sizesOf(view, at, nameEnd, extraEnd, directory.shift),
    };
    at = extraEnd + view.getUint16(at + 32, true);
  }
}

/** One entry as a source of its own: a range of the archive when it is stored, else inflated into memory. */
export function openZipEntry(source: ByteSource, entry: ZipEntry, limit: number = limits.zipEntry): ByteSource {
  if (entry.method !== 0 || entry.encrypted) return bytesSource(readZipEntry(source, entry, limit));
  const start = contentStart(source, entry);
  const size = entry.compressedSize;
  return {
    size,
    read: (offset, length) => source.read(start + offset, Math.max(0, Math.min(length, size - offset))),
  };
}

/** The content of one entry, inflated. */
export function readZipEntry(source: ByteSource, entry: ZipEntry, limit: number = limits.zipEntry): Uint8Array {
  if (entry.size > limit) throw new LimitError(`zip entry ${entry.path}`, limit);
  if (entry.encrypted) throw new FormatError(`zip entry ${entry.path} is encrypted`);
  const start = contentStart(source, entry);
  const packed = source.read(start, entry.compressedSize);
  if (entry.method === 0) return packed.subarray(0, entry.size);
  if (entry.method !== 8) throw new FormatError(`zip entry ${entry.path} has unknown method ${entry.method}`);
  return inflate(packed, entry, limit);
}

function contentStart(source: ByteSource, entry: ZipEntry): number {
  if (entry.offset + localHeader > source.size) throw damaged(entry.path);
  const header = source.read(entry.offset, localHeader);
  const view = viewOf(header);
  if (header.length < localHeader || view.getUint32(0, true) !== localMark) throw damaged(entry.path);
  const start = entry.offset + localHeader + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + entry.compressedSize > source.size) throw damaged(entry.path);
  return start;
}

function inflate(packed: Uint8Array, entry: ZipEntry, limit: number): Uint8Array {
  // A size of zero is allowed by the library only as "no limit".
  const maxOutputLength = Math.max(1, Math.min(entry.size, limit));
  try {
    return zlib().inflateRawSync(packed, { maxOutputLength });
  } catch (error) {
    throw new FormatError(`zip entry ${entry.path} is damaged`, { cause: error });
  }
}

const utf8 = new TextDecoder();
const endMark = 0x06054b50;
const end64Mark = 0x06064b50;
const locator64Mark = 0x07064b50;
const entryMark = 0x02014b50;
const localMark = 0x04034b50;
const endRecord = 22;
const locator64 = 20;
const end64Record = 56;
const entryHeader = 46;
const localHeader = 30;
const directoryLimit = 64 * 1024 * 1024;

interface Directory {
  readonly start: number;
  readonly size: number;
  readonly count: number;
  /** Bytes that lie before the archive: what all written offsets are short of. */
  readonly shift: number;
}

function findDirectory(source: ByteSource): Directory {
  const tailStart = Math.max(0, source.size - endRecord - 0xffff);
  const tail = source.read(tailStart, source.size - tailStart);
  const view = viewOf(tail);
  const at = endRecordIn(view);
  if (at < 0) throw new FormatError('not a zip archive');
  let end = tailStart + at;
  let count = view.getUint16(at + 10, true);
  let size = view.getUint32(at + 12, true);
  let offset = view.getUint32(at + 16, true);
  if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) {
    const wide = readEnd64(source, end);
    if (wide) ({ end, count, size, offset } = wide);
  }
  const start = end - size;
  if (start < 0 || offset > start) throw damaged('directory');
  if (size > directoryLimit) throw new LimitError('zip directory', directoryLimit);
  // Fewer bytes than the entries need: the count is a lie.
  if (count * entryHeader > size) throw damaged('directory');
  return { start, size, count, shift: start - offset };
}

/** The last end record whose comment fills the rest of the file, or at least fits in it. */
function endRecordIn(view: DataView): number {
  for (let at = view.byteLength - endRecord; at >= 0; at--)
    if (view.getUint32(at, true) === endMark && at + endRecord + view.getUint16(at + 20, true) <= view.byteLength)
      return at;
  return -1;
}

function readEnd64(
  source: ByteSource,
  end: number,
): { end: number; count: number; size: number; offset: number } | undefined {
  if (end < locator64) return undefined;
  const locator = viewOf(source.read(end - locator64, locator64));
  if (locator.byteLength < locator64 || locator.getUint32(0, true) !== locator64Mark) return undefined;
  const at = Number(locator.getBigUint64(8, true));
  if (at + end64Record > source.size) throw damaged('zip64 end record');
  const record = viewOf(source.read(at, end64Record));
  if (record.byteLength < end64Record || record.getUint32(0, true) !== end64Mark) throw damaged('zip64 end record');
  return {
    end: at,
    count: Number(record.getBigUint64(32, true)),
    size: Number(record.getBigUint64(40, true)),
    offset: Number(record.getBigUint64(48, true)),
  };
}

function sizesOf(
  view: DataView,
  at: number,
  extraStart: number,
  extraEnd: number,
  shift: number,
): { size: number; compressedSize: number; offset: number } {
  let compressedSize = view.getUint32(at + 20, true);
  let size = view.getUint32(at + 24, true);
  let offset = view.getUint32(at + 42, true);
  for (let extra = extraStart; extra + 4 <= extraEnd;) {
    const end = extra + 4 + view.getUint16(extra + 2, true);
    if (view.getUint16(extra, true) === 1 && end <= extraEnd) {
      // The zip64 field holds only the values that did not fit, in this order.
      let next = extra + 4;
      const wide = (): number => {
        if (next + 8 > end) throw damaged('zip64 field');
        next += 8;
        return Number(view.getBigUint64(next - 8, true));
      };
      if (size === 0xffffffff) size = wide();
      if (compressedSize === 0xffffffff) compressedSize = wide();
      if (offset === 0xffffffff) offset = wide();
    }
    extra = end;
  }
  return { size, compressedSize, offset: offset + shift };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const damaged = (what: string): FormatError => new FormatError(`damaged zip archive: ${what}`);
