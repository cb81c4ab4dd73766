/**
 * Finds keywords in bytes, ASCII letters in any case, in one pass.
 * Every second position is looked at: three bytes, folded to 32 classes each, index a table that says which keywords
 * can lie there, one position earlier, or one later. Two of three steps of an automaton are saved that way, and no step
 * waits for the one before. The work is linear: a position has few candidates, and each is compared once.
 */
export interface KeywordIndex {
  /** Bytes of the longest keyword. */
  readonly longest: number;
  /** Calls `found` for every keyword that starts at one of the first `count` bytes; not in strict order of places. */
  scan(bytes: Uint8Array, count: number, found: (keyword: number, at: number) => void): void;
}

/** `keywords` are in lower case and not empty. */
export function createKeywordIndex(keywords: readonly string[]): KeywordIndex {
  const needles = keywords.map((keyword) => new TextEncoder().encode(keyword));
  const { cells, lists } = tableOf(needles);
  return {
    longest: Math.max(0, ...needles.map((needle) => needle.length)),
    scan(bytes, count, found) {
      const check = (list: number, sample: number): void => {
        for (const { keyword, offset } of lists[list]!) {
          const at = sample - offset;
          if (at >= 0 && at < count && liesAt(bytes, at, needles[keyword]!)) found(keyword, at);
        }
      };
      const last = bytes.length - 2;
      let first = classes[bytes[0] ?? 0]!;
      let i = 0;
      for (; i < last; i += 2) {
        const third = classes[bytes[i + 2]!]!;
        const list = cells[(first << 10) | (classes[bytes[i + 1]!]! << 5) | third]!;
        if (list !== 0) check(list, i);
        first = third;
      }
      // At the end, what is missing counts as bytes of no keyword.
      for (; i < bytes.length; i += 2) {
        const list = cells[(classes[bytes[i]!]! << 10) | (classes[bytes[i + 1] ?? 0]! << 5)]!;
        if (list !== 0) check(list, i);
      }
    },
  };
}

interface Candidate {
  readonly keyword: number;
  /** Of the sampled position from the start of the keyword. */
  readonly offset: number;
}

/** Letters have classes of their own, as have the marks that tokens are made of; digits share one. */
const classes = Uint8Array.from({ length: 256 }, (_, byte) => {
  const lower = lowerCase(byte);
  if (lower >= 0x61 && lower <= 0x7a) return lower - 0x60;
  if (byte >= 0x30 && byte <= 0x39) return 30;
  const mark = '_-.'.indexOf(String.fromCharCode(byte));
  if (mark >= 0) return 27 + mark;
  return '="\'>~/:'.includes(String.fromCharCode(byte)) ? 31 : 0;
});

function tableOf(needles: readonly Uint8Array[]): { cells: Uint16Array; lists: readonly (readonly Candidate[])[] } {
  const byCell = new Map<number, Candidate[]>();
  needles.forEach((needle, keyword) => {
    // A keyword starts at an even or an odd place: one of two neighboring samples sees it.
    for (const offset of needle.length > 3 ? [0, 1] : [0, -1]) {
      for (const cell of cellsAt(needle, offset)) {
        const list = byCell.get(cell) ?? [];
        byCell.set(cell, list);
        list.push({ keyword, offset });
      }
    }
  });
  const cells = new Uint16Array(1 << 15);
  const lists: (readonly Candidate[])[] = [[]];
  for (const [cell, list] of byCell) cells[cell] = lists.push(list) - 1;
  return { cells, lists };
}

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

function liesAt(bytes: Uint8Array, at: number, needle: Uint8Array): boolean {
  if (at + needle.length > bytes.length) return false;
  for (let i = 0; i < needle.length; i++) if (lowerCase(bytes[at + i]!) !== needle[i]) return false;
  return true;
}

function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
