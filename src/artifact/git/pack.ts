/**
 * Objects of a pack, by offset: whole ones, and those kept as the difference to another.
 * Limits  the caller's limit for an object and each base it is made from; 4096 differences in a row, as git has it.
 * Errors  `FormatError` for damaged packs, `LimitError` past the limit.
 * Source  https://git-scm.com/docs/gitformat-pack#_pack_pack_files_have_the_following_format
 */
import { FormatError, LimitError, zlib } from '#base';
import type { RandomAccess } from '#platform';
import { applyDelta } from './delta.js';
import type { GitObject, GitObjectType } from './object.js';

export interface PackReader {
  readonly file: RandomAccess;
  /** Bytes of an object id. */
  readonly idLength: number;
  offsetOf(id: Uint8Array): number | undefined;
}

const types: Readonly<Record<number, GitObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const OFFSET_DELTA = 6;
const REFERENCE_DELTA = 7;
const MAX_DELTAS = 4096;

export function readPacked(pack: PackReader, offset: number, limit: number): GitObject {
  const deltas: Uint8Array[] = [];
  let held = 0;
  for (let at = offset; deltas.length <= MAX_DELTAS;) {
    const entry = readEntry(pack, at);
    const type = types[entry.code];
    const content = inflated(pack.file, entry.content, entry.size, limit);
    if (type) return { type, bytes: deltas.reduceRight((base, delta) => applyDelta(base, delta, limit), content) };
    if (entry.base === undefined || entry.base === at) throw new FormatError('a packed object has no base');
    // Differences wait for their base: together they are bounded like the object itself.
    if ((held += content.length) > limit * 2) throw new LimitError('the differences of an object', limit * 2);
    deltas.push(content);
    at = entry.base;
  }
  throw new FormatError('a packed object has too many bases');
}

interface Entry {
  readonly code: number;
  /** Uncompressed bytes. */
  readonly size: number;
  /** Offset of the compressed bytes. */
  readonly content: number;
  /** Offset of the object that this one is the difference to. */
  readonly base?: number;
}

function readEntry(pack: PackReader, offset: number): Entry {
  const head = pack.file.read(offset, 64);
  let at = 0;
  const next = (): number => {
    const byte = head[at++];
    if (byte === undefined) throw new FormatError('the pack is cut off');
    return byte;
  };
  let byte = next();
  const code = (byte >> 4) & 7;
  let size = byte & 15;
  for (let factor = 16; byte & 0x80; factor *= 128) {
    byte = next();
    size += (byte & 0x7f) * factor;
    if (size > Number.MAX_SAFE_INTEGER) throw new FormatError('the size of a packed object is out of range');
  }
  if (code === OFFSET_DELTA) {
    byte = next();
    let distance = byte & 0x7f;
    while (byte & 0x80) {
      byte = next();
      distance = (distance + 1) * 128 + (byte & 0x7f);
      if (distance > offset) throw new FormatError('a packed object has its base before the pack');
    }
    if (distance > offset || distance === 0) throw new FormatError('a packed object has its base outside the pack');
    return { code, size, content: offset + at, base: offset - distance };
  }
  if (code === REFERENCE_DELTA) {
    const base = pack.offsetOf(head.subarray(at, at + pack.idLength));
    return { code, size, content: offset + at + pack.idLength, ...(base !== undefined && { base }) };
  }
  if (!types[code]) throw new FormatError(`a packed object has the unknown type ${code}`);
  return { code, size, content: offset + at };
}

function inflated(file: RandomAccess, offset: number, size: number, limit: number): Uint8Array {
  if (size > limit) throw new LimitError('an object of the repository', limit);
  // Deflate never makes more of it than this.
  const compressed = file.read(offset, size + (size >> 10) + 64);
  try {
    const bytes = zlib().inflateSync(compressed, { maxOutputLength: Math.max(1, size) });
    if (bytes.length === size) return bytes;
  } catch (error) {
    throw new FormatError('a packed object is damaged', { cause: error });
  }
  throw new FormatError('a packed object has another size than it says');
}
