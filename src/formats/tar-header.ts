/**
 * One 512-byte tar header block: v7, ustar, PAX, GNU and star flavors.
 * Reads   a block whose checksum (unsigned or signed) must hold.
 * Yields  raw fields; long names, PAX records and sparse maps are joined by `tar-decoder.ts`.
 * Limits  sizes up to 2^53-1, octal or base-256.
 * Errors  `FormatError` for a wrong checksum, a negative or malformed number.
 * Source  https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 *         https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
import { FormatError } from '#base';
import { TAR_BLOCK } from './tar-layout.js';

export interface TarHeader {
  /** As written: with prefix, not cleaned. */
  readonly name: string;
  readonly link: string;
  /** One character; `\0` of old archives is told as `0`, or `5` when the name ends in `/`. */
  readonly flag: string;
  readonly size: number;
  readonly mode: number;
}

const SPACE = 0x20;
const MAGIC = 257;
const PREFIX = 345;

/** All bytes of the block are zero: the mark of the end of an archive. */
export function isZeroBlock(bytes: Buffer, at: number): boolean {
  for (let i = at; i < at + TAR_BLOCK; i++) if (bytes[i] !== 0) return false;
  return true;
}

export function parseTarHeader(bytes: Buffer, at: number): TarHeader {
  verifyChecksum(bytes, at);
  const name = text(bytes, at, 100);
  const prefix = prefixOf(bytes, at);
  const full = prefix === '' ? name : `${prefix}/${name}`;
  const flag = bytes[at + 156]!;
  return {
    name: full,
    link: text(bytes, at + 157, 100),
    flag: flag === 0 ? (full.endsWith('/') ? '5' : '0') : String.fromCharCode(flag),
    size: size(bytes, at + 124, 12, 'size'),
    mode: number(bytes, at + 100, 8, 'mode') & 0o7777,
  };
}

/** A number field that must not be negative nor exceed 2^53-1. */
export function size(bytes: Buffer, at: number, length: number, what: string): number {
  const value = number(bytes, at, length, what);
  if (value < 0 || value > Number.MAX_SAFE_INTEGER) throw new FormatError(`tar: ${what} out of range`);
  return value;
}

function verifyChecksum(bytes: Buffer, at: number): void {
  const told = number(bytes, at + 148, 8, 'checksum');
  const unsigned = sumOf(bytes, at);
  if (told === unsigned) return;
  // Some early writers summed signed bytes; the two sums differ by 256 for each byte above 127.
  let high = 0;
  for (let i = 0; i < TAR_BLOCK; i++) if (i < 148 || i >= 156) high += bytes[at + i]! >> 7;
  if (told !== unsigned - 256 * high) throw new FormatError('tar: header checksum does not match');
}

/** The sum of the header's bytes, those of the checksum field taken as spaces. */
function sumOf(bytes: Buffer, at: number): number {
  let sum = 8 * SPACE;
  for (let i = at + 148; i < at + 156; i++) sum -= bytes[i]!;
  const start = bytes.byteOffset + at;
  if (start % 4 !== 0) {
    for (let i = at; i < at + TAR_BLOCK; i++) sum += bytes[i]!;
    return sum;
  }
  // Four bytes at a time, in two pairs of 16-bit sums: a walk spends most of its time here.
  const words = new Int32Array(bytes.buffer, start, TAR_BLOCK / 4);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < TAR_BLOCK / 4; i++) {
    const word = words[i]!;
    even += word & 0xff00ff;
    odd += (word >>> 8) & 0xff00ff;
  }
  return sum + (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
}

function prefixOf(bytes: Buffer, at: number): string {
  if (bytes[at + PREFIX] === 0 || bytes.toString('latin1', at + MAGIC, at + MAGIC + 5) !== 'ustar') return '';
  if (bytes[at + MAGIC + 5] === 0) {
    const star = bytes.toString('latin1', at + 508, at + 512) === 'tar\0';
    return text(bytes, at + PREFIX, star ? 131 : 155);
  }
  // GNU archives keep times here, but some writers that claim the GNU magic put a prefix there all the same.
  if (isNumber(bytes, at + PREFIX, 12) && isNumber(bytes, at + PREFIX + 12, 12)) return '';
  const prefix = text(bytes, at + PREFIX, 155);
  return /^[\x01-\x7f]*$/.test(prefix) ? prefix : '';
}

function isNumber(bytes: Buffer, at: number, length: number): boolean {
  try {
    number(bytes, at, length, 'time');
    return true;
  } catch {
    return false;
  }
}

/** Bytes up to the first NUL as UTF-8. */
function text(bytes: Buffer, at: number, length: number): string {
  let end = at;
  while (end < at + length && bytes[end] !== 0) end++;
  return end === at ? '' : bytes.toString('utf8', at, end);
}

/** Octal digits between spaces and NULs (nothing is zero), or base-256 when the first bit is set. */
function number(bytes: Buffer, at: number, length: number, what: string): number {
  if (bytes[at]! & 0x80) return base256(bytes, at, length);
  let i = at;
  let end = at + length;
  while (i < end && (bytes[i] === SPACE || bytes[i] === 0)) i++;
  while (end > i && (bytes[end - 1] === SPACE || bytes[end - 1] === 0)) end--;
  let value = 0;
  for (; i < end && bytes[i] !== 0; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 7) throw new FormatError(`tar: ${what} is not an octal number`);
    value = value * 8 + digit;
  }
  return value;
}

function base256(bytes: Buffer, at: number, length: number): number {
  const negative = (bytes[at]! & 0x40) !== 0;
  let value = negative ? (bytes[at]! & 0x7f) - 0x80 : bytes[at]! & 0x7f;
  for (let i = at + 1; i < at + length; i++) value = value * 256 + bytes[i]!;
  return value;
}
