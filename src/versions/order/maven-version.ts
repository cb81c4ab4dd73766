/**
 * The items of a Maven version and their order; see `maven.ts`.
 * A list holds numbers and qualifiers, and at its end at most one list: so nesting is kept as a sequence of lists,
 * where depth can neither overflow a stack nor cost more than linear time.
 * A qualifier after a dot stays in its list, as in older releases of Maven and in the reference. Like theirs, the order
 * is not transitive where zeros come before a qualifier or a list: 1.0.0.RC1 > 1-1 > 1 > 1.0.0.RC1.
 * Source  https://maven.apache.org/pom.html#version-order-specification
 */
import { compareNaturals, compareText, isDigit, natural, type Natural } from './natural.js';

/** Outermost list first. */
export type MavenVersion = readonly MavenList[];
type MavenList = readonly Item[];
type Item = Natural | Qualifier;

interface Qualifier {
  /** Place among the known qualifiers, or the one above them. */
  readonly rank: number;
  readonly word: string;
}

export function parseMaven(text: string): MavenVersion {
  const version = text.toLowerCase();
  let list: Item[] = [];
  const lists = [list];
  const openList = () => lists.push((list = []));
  let start = 0;
  let inDigits = false;
  for (let i = 0; i < version.length; i++) {
    const c = version[i]!;
    if (c === '.' || c === '-') {
      list.push(i === start ? 0 : readItem(version, start, i, inDigits, false));
      start = i + 1;
      if (c === '-') openList();
    } else if (isDigit(version.charCodeAt(i)) !== inDigits) {
      inDigits = !inDigits;
      if (i === start) continue;
      list.push(readItem(version, start, i, !inDigits, inDigits));
      start = i;
      openList();
    }
  }
  if (start < version.length) list.push(readItem(version, start, version.length, inDigits, false));
  return withoutEmptyEnds(lists);
}

export function orderMaven(a: MavenVersion, b: MavenVersion): number {
  for (let level = 0; ; level++) {
    const x = a[level] ?? [];
    const y = b[level] ?? [];
    const xEnds = level + 1 >= a.length;
    const yEnds = level + 1 >= b.length;
    for (let i = 0; i < x.length || i < y.length; i++) {
      const difference = compareItems(x[i], xEnds, y[i], yEnds);
      if (difference !== 0) return difference;
    }
    if (xEnds) return yEnds ? 0 : -compareWithNothing(b, level + 1);
    if (yEnds) return compareWithNothing(a, level + 1);
  }
}

/** An item that is missing is nothing, or the list that follows the last item of its list. */
function compareItems(x: Item | undefined, xEnds: boolean, y: Item | undefined, yEnds: boolean): number {
  if (x === undefined) return xEnds ? -itemWithNothing(y!) : -itemWithList(y!);
  if (y === undefined) return yEnds ? itemWithNothing(x) : itemWithList(x);
  const xNumber = asNumber(x);
  const yNumber = asNumber(y);
  if (xNumber === undefined) return yNumber === undefined ? compareQualifiers(x as Qualifier, y as Qualifier) : -1;
  return yNumber === undefined ? 1 : compareNaturals(xNumber, yNumber);
}

function itemWithList(item: Item): number {
  return asNumber(item) === undefined ? -1 : 1;
}

function itemWithNothing(item: Item): number {
  const number = asNumber(item);
  return number === undefined ? (item as Qualifier).rank - releaseRank : compareNaturals(number, 0);
}

/** The first item that is neither zero nor empty decides. */
function compareWithNothing(version: MavenVersion, level: number): number {
  for (let i = level; i < version.length; i++) {
    for (const item of version[i]!) {
      const difference = itemWithNothing(item);
      if (difference !== 0) return difference;
    }
  }
  return 0;
}

function compareQualifiers(a: Qualifier, b: Qualifier): number {
  return a.rank - b.rank || compareText(a.word, b.word);
}

function asNumber(item: Item): Natural | undefined {
  return typeof item === 'object' && 'rank' in item ? undefined : item;
}

function readItem(text: string, start: number, end: number, isNumber: boolean, beforeDigit: boolean): Item {
  if (isNumber) return natural(text, start, end);
  const word = text.slice(start, end);
  const rank = (beforeDigit ? shortQualifiers.get(word) : undefined) ?? qualifiers.get(word);
  return rank === undefined ? { rank: otherRank, word } : { rank, word: '' };
}

const releaseRank = 5;
const otherRank = 7;
const qualifiers: ReadonlyMap<string, number> = new Map([
  ['alpha', 0],
  ['beta', 1],
  ['milestone', 2],
  ['rc', 3],
  ['cr', 3],
  ['snapshot', 4],
  ['', releaseRank],
  ['ga', releaseRank],
  ['final', releaseRank],
  ['release', releaseRank],
  ['sp', 6],
]);
/** Known only where a digit follows. */
const shortQualifiers: ReadonlyMap<string, number> = new Map([
  ['a', 0],
  ['b', 1],
  ['m', 2],
]);

function withoutEmptyEnds(lists: Item[][]): Item[][] {
  for (const list of lists) while (list.length > 0 && isNothing(list.at(-1)!)) list.pop();
  while (lists.length > 0 && lists.at(-1)!.length === 0) lists.pop();
  return lists;
}

function isNothing(item: Item): boolean {
  return itemWithNothing(item) === 0;
}
