/**
 * Sparse files in tar archives: only their non-zero segments are stored, one after the other.
 * Reads   old GNU maps in header blocks, PAX 0.0 and 0.1 maps in records, PAX 1.0 maps at the start of the content.
 * Yields  reads of the logical content, holes filled with zeros.
 * Errors  `FormatError` when segments overlap, are out of order or outside the file.
 * Source  https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html
 */
import { FormatError, LimitError, limits } from '#base';
import { size } from './tar-header.js';
import { TAR_BLOCK } from './tar-layout.js';

/** Where stored bytes lie in the logical file, in order. */
export interface SparseSegment {
  readonly offset: number;
  readonly length: number;
}

/** `leading`: the map is the first part of the stored content (PAX 1.0). */
export type SparseMap = readonly SparseSegment[] | 'leading';

/** Reads `length` stored bytes from `offset`; fewer at the end. */
export type StoredReader = (offset: number, length: number) => Uint8Array;

/** A reader of the logical content over a reader of the stored content. */
export function sparseReader(stored: StoredReader, map: SparseMap, logicalSize: number): StoredReader {
  let placed: readonly PlacedSegment[] | undefined;
  return (offset, length) => {
    placed ??= map === 'leading' ? leadingMap(stored, logicalSize) : placeSegments(map, 0);
    const end = Math.min(offset + length, logicalSize);
    const out = new Uint8Array(Math.max(0, end - offset));
    for (let i = firstEndingAfter(placed, offset); i < placed.length && placed[i]!.offset < end; i++) {
      const segment = placed[i]!;
      const from = Math.max(offset, segment.offset);
      const to = Math.min(end, segment.offset + segment.length);
      out.set(stored(segment.at + from - segment.offset, to - from), from - offset);
    }
    return out;
  };
}

interface PlacedSegment extends SparseSegment {
  /** Where it starts in the stored content. */
  readonly at: number;
}

function placeSegments(segments: readonly SparseSegment[], start: number): PlacedSegment[] {
  let at = start;
  return segments
    .filter((segment) => segment.length > 0)
    .map((segment) => {
      const placed = { ...segment, at };
      at += segment.length;
      return placed;
    });
}

function firstEndingAfter(segments: readonly PlacedSegment[], offset: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (segments[middle]!.offset + segments[middle]!.length > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** `entries` pairs of numbers in a header or extension block. */
export function gnuSegments(bytes: Buffer, at: number, entries: number): SparseSegment[] {
  const segments: SparseSegment[] = [];
  for (let i = 0; i < entries && bytes[at + i * 24] !== 0; i++) {
    segments.push({
      offset: size(bytes, at + i * 24, 12, 'sparse offset'),
      length: size(bytes, at + i * 24 + 12, 12, 'sparse length'),
    });
  }
  return segments;
}

/** `offset,length,offset,length…` of PAX 0.1 (and of 0.0 as joined by `parsePax`). */
export function paxSegments(map: string): SparseSegment[] {
  const numbers = map === '' ? [] : map.split(',');
  return pairs(numbers);
}

/** Checks order and bounds; `stored` is the number of content bytes present, when known. */
export function checkSegments(segments: readonly SparseSegment[], logicalSize: number, stored?: number): void {
  let end = 0;
  let total = 0;
  for (const segment of segments) {
    if (segment.offset < end) throw new FormatError('tar: sparse segments overlap');
    end = segment.offset + segment.length;
    total += segment.length;
  }
  if (end > logicalSize) throw new FormatError('tar: sparse segment outside the file');
  if (stored !== undefined && total > stored) throw new FormatError('tar: sparse segments exceed the content');
}

function leadingMap(stored: StoredReader, logicalSize: number): PlacedSegment[] {
  const numbers: string[] = [];
  let wanted = 1;
  let rest = '';
  let at = 0;
  while (numbers.length < wanted) {
    const block = stored(at, TAR_BLOCK);
    if (block.length === 0) throw new FormatError('tar: sparse map is cut off');
    at += TAR_BLOCK;
    if (at > limits.tarMeta) throw new LimitError('tar sparse map', limits.tarMeta);
    const lines = (rest + Buffer.from(block).toString('latin1')).split('\n');
    rest = lines.pop()!;
    if (rest.length > TAR_BLOCK && numbers.length + lines.length < wanted)
      throw new FormatError('tar: malformed sparse map');
    for (const line of lines) {
      if (numbers.length >= wanted) break;
      numbers.push(line);
      if (numbers.length === 1) wanted = 1 + 2 * decimal(line);
    }
  }
  const segments = pairs(numbers.slice(1));
  checkSegments(segments, logicalSize);
  return placeSegments(segments, at);
}

function pairs(numbers: readonly string[]): SparseSegment[] {
  if (numbers.length % 2 !== 0) throw new FormatError('tar: malformed sparse map');
  const segments: SparseSegment[] = [];
  for (let i = 0; i < numbers.length; i += 2) {
    segments.push({ offset: decimal(numbers[i]!), length: decimal(numbers[i + 1]!) });
  }
  return segments;
}

/** A decimal number that a record or map holds. */
export function decimal(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new FormatError('tar: malformed number in an extended header');
  return Number(text);
}
