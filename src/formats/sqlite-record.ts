/**
 * SQLite varints and records: a header of serial types, then the values.
 * Limits  a record is decoded inside the bytes given; nothing is read past them.
 * Errors  `FormatError` for a truncated or impossible record.
 * Source  https://www.sqlite.org/fileformat2.html#record_format
 */
import { FormatError } from '#base';

/** 64-bit integers outside the safe range of `number` are `bigint`. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

export type SqliteEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Reads varints one after another. */
export class VarintCursor {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** A signed 64-bit integer. */
  integer(): number | bigint {
    let value = 0;
    for (let i = 0; i < 7; i++) {
      const byte = this.#next();
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    let wide = BigInt(value);
    const eighth = this.#next();
    wide = (wide << 7n) | BigInt(eighth & 0x7f);
    if (eighth >= 0x80) wide = (wide << 8n) | BigInt(this.#next());
    return narrow(BigInt.asIntN(64, wide));
  }

  /** A length or serial type: never negative, never beyond the safe range. */
  length(): number {
    const value = this.integer();
    if (typeof value === 'bigint' || value < 0) throw new FormatError('SQLite: impossible length');
    return value;
  }

  #next(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new FormatError('SQLite: truncated varint');
    return byte;
  }
}

/** The first `columns` values of a record (all by default). */
export function decodeRecord(payload: Uint8Array, encoding: SqliteEncoding, columns = Infinity): SqliteValue[] {
  const header = new VarintCursor(payload, 0);
  const headerEnd = header.length();
  if (headerEnd > payload.length || headerEnd < header.at) throw new FormatError('SQLite: bad record header');
  const values: SqliteValue[] = [];
  let at = headerEnd;
  while (header.at < headerEnd && values.length < columns) {
    const type = header.length();
    const length = contentLength(type);
    if (at + length > payload.length) throw new FormatError('SQLite: record value past its end');
    values.push(decodeValue(payload, at, type, length, encoding));
    at += length;
  }
  return values;
}

function contentLength(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  const length = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type];
  if (length === undefined) throw new FormatError('SQLite: reserved serial type');
  return length;
}

function decodeValue(
  bytes: Uint8Array,
  at: number,
  type: number,
  length: number,
  encoding: SqliteEncoding,
): SqliteValue {
  if (type === 0) return null;
  if (type === 8) return 0;
  if (type === 9) return 1;
  if (type === 7) return new DataView(bytes.buffer, bytes.byteOffset + at, 8).getFloat64(0);
  if (type < 7) return decodeInteger(bytes, at, length);
  const content = bytes.subarray(at, at + length);
  return type % 2 === 0 ? content : decoder(encoding).decode(content);
}

function decodeInteger(bytes: Uint8Array, at: number, length: number): number | bigint {
  if (length === 8) return narrow(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigInt64(0));
  let value = bytes[at]! >= 0x80 ? -1 : 0;
  for (let i = 0; i < length; i++) value = value * 256 + bytes[at + i]!;
  return value;
}

const narrow = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

const decoders = new Map<SqliteEncoding, InstanceType<typeof TextDecoder>>();

function decoder(encoding: SqliteEncoding): InstanceType<typeof TextDecoder> {
  let found = decoders.get(encoding);
  if (!found) decoders.set(encoding, (found = new TextDecoder(encoding, { ignoreBOM: true })));
  return found;
}

/** The order of SQLite with the BINARY collation: NULL, then numbers, then text, then blobs. */
export function compareValues(a: SqliteValue, b: SqliteValue): number {
  const ranks = rank(a) - rank(b);
  if (ranks !== 0 || a === null || b === null) return ranks;
  if (typeof a === 'string' && typeof b === 'string') {
    return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank(value: SqliteValue): number {
  if (value === null) return 0;
  if (typeof value === 'string') return 2;
  return value instanceof Uint8Array ? 3 : 1;
}
