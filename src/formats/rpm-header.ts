/**
 * RPM header blobs as package databases store them: big-endian, no lead and no magic.
 * Shape   count of index entries, bytes of data, entries of 16 bytes (tag, type, offset, count), data.
 * Yields  a reader of tags by name. When a tag is there twice the later one wins, as rpm itself does.
 * Limits  rpm's own: 65 535 entries, 256 MiB of data; strings and arrays stay inside the data.
 * Errors  `FormatError` for an impossible header, or (also `LimitError`) on reading a tag whose value is damaged or of another type.
 * Source  https://rpm-software-management.github.io/rpm/manual/format_header.html
 */
import { FormatError, LimitError } from '#base';

export const rpmTag = {
  signatureMd5: 261,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  license: 1014,
  arch: 1022,
  oldFileNames: 1027,
  sourceRpm: 1044,
  provideName: 1047,
  requireName: 1049,
  directoryIndexes: 1116,
  baseNames: 1117,
  directoryNames: 1118,
  modularityLabel: 5096,
} as const;

export type RpmTag = (typeof rpmTag)[keyof typeof rpmTag];

const MAX_ENTRIES = 65_535;
const MAX_DATA = 256 * 1024 * 1024;
/** Of one array; the largest packages have some hundred thousand files. */
const MAX_ITEMS = 4_000_000;

const type = { int32: 4, string: 6, binary: 7, stringArray: 8, i18nString: 9 } as const;

interface Entry {
  readonly type: number;
  /** From the start of the blob. */
  readonly offset: number;
  readonly count: number;
}

export interface RpmHeader {
  /** The string, or the first of an array; absent when the tag is. */
  string(tag: RpmTag): string | undefined;
  strings(tag: RpmTag): readonly string[];
  /** Unsigned 32-bit numbers. */
  numbers(tag: RpmTag): readonly number[];
  binary(tag: RpmTag): Uint8Array | undefined;
}

export function parseRpmHeader(blob: Uint8Array): RpmHeader {
  const entries = readIndex(blob);
  const find = (tag: RpmTag, ...types: readonly number[]): Entry | undefined => {
    const entry = entries.get(tag);
    if (entry && entry.type !== type.binary && entry.count > MAX_ITEMS) throw new LimitError('RPM tag', MAX_ITEMS);
    if (entry && !types.includes(entry.type)) throw new FormatError(`RPM header: tag ${tag} has type ${entry.type}`);
    return entry;
  };
  const texts = (tag: RpmTag): readonly string[] => {
    const entry = find(tag, type.string, type.stringArray, type.i18nString);
    return entry ? readStrings(blob, entry) : [];
  };
  return {
    string: (tag) => texts(tag)[0],
    strings: texts,
    numbers: (tag) => {
      const entry = find(tag, type.int32);
      return entry ? readNumbers(blob, entry) : [];
    },
    binary: (tag) => {
      const entry = find(tag, type.binary);
      if (!entry) return undefined;
      if (entry.offset + entry.count > blob.length) throw new FormatError('RPM header: value past its end');
      return blob.subarray(entry.offset, entry.offset + entry.count);
    },
  };
}

const wanted: ReadonlySet<number> = new Set(Object.values(rpmTag));

function readIndex(blob: Uint8Array): Map<number, Entry> {
  if (blob.length < 8) throw new FormatError('RPM header: truncated');
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const count = view.getUint32(0);
  const dataLength = view.getUint32(4);
  const data = 8 + count * 16;
  if (count < 1 || count > MAX_ENTRIES || dataLength > MAX_DATA || data + dataLength > blob.length) {
    throw new FormatError('RPM header: impossible size');
  }
  const entries = new Map<number, Entry>();
  for (let at = 8; at < data; at += 16) {
    const tag = view.getUint32(at);
    if (!wanted.has(tag)) continue;
    const offset = view.getUint32(at + 8);
    if (offset > dataLength) throw new FormatError(`RPM header: tag ${tag} is outside the data`);
    entries.set(tag, { type: view.getUint32(at + 4), offset: data + offset, count: view.getUint32(at + 12) });
  }
  return entries;
}

/** One decoding for the whole array: packages have thousands of file names. */
function readStrings(blob: Uint8Array, entry: Entry): string[] {
  const count = entry.type === type.string ? 1 : entry.count;
  if (count === 0) return [];
  let end = entry.offset - 1;
  for (let i = 0; i < count; i++) {
    end = blob.indexOf(0, end + 1);
    if (end < 0) throw new FormatError('RPM header: string without end');
  }
  return text.decode(blob.subarray(entry.offset, end)).split('\0');
}

const text = new TextDecoder('utf-8', { ignoreBOM: true });

function readNumbers(blob: Uint8Array, entry: Entry): number[] {
  if (entry.offset + entry.count * 4 > blob.length) throw new FormatError('RPM header: value past its end');
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  return Array.from({ length: entry.count }, (_, i) => view.getUint32(entry.offset + i * 4));
}
