/**
 * Finds keywords in bytes, ASCII letters in any case, in one pass.
 * Every second position is looked at: the three bytes there, folded to 32 classes each, index a table that says which
 * keywords can lie around it. Half the steps of an automaton are saved that way, and no step waits for the one before.
 * Of a keyword's places, those with the rarest letters are used. The work is linear: a position has few candidates,
 * and each is compared once.
 */
export interface KeywordIndex {
  /** Bytes of the longest keyword. */
  readonly longest: number;
  /** Calls `found` for every keyword that starts at one of the first `count` bytes; not in strict order of places. */
  scan(bytes: Uint8Array, count: number, found: Found): void;
}

type Found = (keyword: number, at: number) => void;

/** `keywords` are in lower case and not empty. */
export function createKeywordIndex(keywords: readonly string[]): KeywordIndex {
  const needles = keywords.map((keyword) => new TextEncoder().encode(keyword));
  const table = tableOf(needles);
  return {
    longest: Math.max(0, ...needles.map((needle) => needle.length)),
    scan: (bytes, count, found) => scan(table, bytes, count, found),
  };
}

interface Candidate {
  readonly keyword: number;
  readonly needle: Uint8Array;
  /** Of the sampled position from the start of the keyword. */
  readonly offset: number;
}

interface Table {
  /** By three classes, the list of candidates; 0 for none. */
  readonly cells: Uint16Array;
  readonly lists: readonly (readonly Candidate[])[];
}

function scan(table: Table, bytes: Uint8Array, count: number, found: Found): void {
  const { cells } = table;
  const last = bytes.length - 2;
  let first = classes[bytes[0] ?? 0]!;
  let i = 0;
  for (; i < last; i += 2) {
    const third = classes[bytes[i + 2]!]!;
    const list = cells[(first << 10) | (classes[bytes[i + 1]!]! << 5) | third]!;
    if (list !== 0) check(table.lists[list]!, bytes, i, count, found);
    first = third;
  }
  // At the end, what is missing counts as bytes of no keyword.
  for (; i < bytes.length; i += 2) {
    const list = cells[(classes[bytes[i]!]! << 10) | (classes[bytes[i + 1] ?? 0]! << 5)]!;
    if (list !== 0) check(table.lists[list]!, bytes, i, count, found);
  }
}

function check(list: readonly Candidate[], bytes: Uint8Array, sample: number, count: number, found: Found): void {
  for (let i = 0; i < list.length; i++) {
    const { needle, offset, keyword } = list[i]!;
    const at = sample - offset;
    if (at >= 0 && at < count && liesAt(bytes, at, needle)) found(keyword, at);
  }
}

function liesAt(bytes: Uint8Array, at: number, needle: Uint8Array): boolean {
  if (at + needle.length > bytes.length) return false;
  for (let i = 0; i < needle.length; i++) if (lower[bytes[at + i]!] !== needle[i]) return false;
  return true;
}

const lower = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

/** Letters have classes of their own, as have the marks that tokens are made of; digits share one. */
const classes = Uint8Array.from(lower, (byte) => {
  if (byte >= 0x61 && byte <= 0x7a) return byte - 0x60;
  if (byte >= 0x30 && byte <= 0x39) return 30;
  const mark = '_-.'.indexOf(String.fromCharCode(byte));
  if (mark >= 0) return 27 + mark;
  return '="\'>~/:'.includes(String.fromCharCode(byte)) ? 31 : 0;
});

/** How common each class is in programs and prose, in thousandths; class 0 has spaces and line breaks. */
const common = Uint8Array.from([
  200, 60, 12, 30, 28, 90, 18, 14, 22, 52, 3, 6, 34, 22, 50, 52, 22, 2, 50, 50, 68, 24, 8, 8, 6, 12, 2, 12, 12, 16, 50,
  40,
]);

function tableOf(needles: readonly Uint8Array[]): Table {
  const byCell = new Map<number, Candidate[]>();
  needles.forEach((needle, keyword) => {
    for (const offset of sampledOffsets(needle)) {
      for (const cell of cellsAt(needle, offset)) {
        const list = byCell.get(cell) ?? [];
        byCell.set(cell, list);
        list.push({ keyword, needle, offset });
      }
    }
  });
  const cells = new Uint16Array(1 << 15);
  const lists: (readonly Candidate[])[] = [[]];
  for (const [cell, list] of byCell) cells[cell] = lists.push(list) - 1;
  return { cells, lists };
}

/** A keyword starts at an even or an odd place, so two samples are needed: at an even and at an odd offset. */
function sampledOffsets(needle: Uint8Array): number[] {
  if (needle.length < 4) return [0, -1];
  const offsets = Array.from({ length: needle.length - 2 }, (_, offset) => offset);
  const rarest = (parity: number): number =>
    offsets
      .filter((offset) => offset % 2 === parity)
      .reduce((best, offset) => (frequency(needle, offset) < frequency(needle, best) ? offset : best), parity);
  return [rarest(0), rarest(1)];
}

const frequency = (needle: Uint8Array, offset: number): number =>
  [0, 1, 2].reduce((product, i) => product * common[classes[needle[offset + i]!]!]!, 1);

/** Cells of the three bytes from `offset`, where those outside the keyword can be anything. */
function cellsAt(needle: Uint8Array, offset: number): number[] {
  let cells = [0];
  for (let i = offset; i < offset + 3; i++) {
    const byte = needle[i];
    const possible = byte === undefined ? Array.from({ length: 32 }, (_, c) => c) : [classes[byte]!];
    cells = cells.flatMap((cell) => possible.map((c) => (cell << 5) | c));
  }
  return cells;
}
