/**
 * Versions of PHP packages.
 * Shape   `v?` and a digit, then anything; parts are runs of digits and of other characters, between dots, dashes,
 *         underscores and pluses. Branches (`dev-main`) have no order and are no versions.
 * Order   of PHP: other words < dev < alpha, a < beta, b < RC, rc < the end < numbers < pl, p, with respect to case;
 *         a word counts by how it begins, so `patch1` is `p`. `#` stands for any number.
 * Source  https://www.php.net/manual/en/function.version-compare.php
 */
import { comparatorRange } from './constraints/comparators.js';
import { compareNaturals, digitsEnd, isDigit, natural, type Natural } from './order/natural.js';
import { defineScheme } from './scheme.js';

export const packagist = defineScheme({
  id: 'packagist',
  title: 'Packagist',
  source: 'https://www.php.net/manual/en/function.version-compare.php',
  alphabet: '0 1 2 10 01 v . - _ + a b rc RC1 -alpha -beta.1 -dev -pl1 p2 x 1.0 .0',
  parse,
  order,
  range: comparatorRange({ parse, order, insideVersion: '~' }),
});

/** A number, or the place of a word among the known ones. */
type Part = Natural | Word;
interface Word {
  readonly place: number;
}

const marks = '.-_+';

function parse(text: string): readonly Part[] | undefined {
  let at = text[0] === 'v' || text[0] === 'V' ? 1 : 0;
  if (!isDigit(text.charCodeAt(at))) return undefined;
  const parts: Part[] = [];
  while (at < text.length) {
    if (marks.includes(text[at]!)) {
      at++;
      continue;
    }
    let end = digitsEnd(text, at);
    if (end > at) parts.push(natural(text, at, end));
    else {
      while (end < text.length && !isDigit(text.charCodeAt(end)) && !marks.includes(text[end]!)) end++;
      parts.push({ place: placeOf(text, at) });
    }
    at = end;
  }
  return parts;
}

const otherWord = -1;
const anyNumber = 4;
const words: readonly (readonly [beginning: string, place: number])[] = [
  ['dev', 0],
  ['a', 1],
  ['b', 2],
  ['RC', 3],
  ['rc', 3],
  ['#', anyNumber],
  ['p', 5],
];

function placeOf(text: string, at: number): number {
  return words.find(([beginning]) => text.startsWith(beginning, at))?.[1] ?? otherWord;
}

function order(a: readonly Part[], b: readonly Part[]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = compareParts(a[i]!, b[i]!);
    if (difference !== 0) return difference;
  }
  return compareWithEnd(a, shared) - compareWithEnd(b, shared);
}

function compareParts(a: Part, b: Part): number {
  const x = asWord(a);
  const y = asWord(b);
  if (x || y) return (x?.place ?? anyNumber) - (y?.place ?? anyNumber);
  return compareNaturals(a as Natural, b as Natural);
}

/** What is left of a version against nothing. */
function compareWithEnd(parts: readonly Part[], start: number): number {
  for (let i = start; i < parts.length; i++) {
    const word = asWord(parts[i]!);
    if (!word) return 1;
    if (word.place !== anyNumber) return Math.sign(word.place - anyNumber);
  }
  return 0;
}

function asWord(part: Part): Word | undefined {
  return typeof part === 'object' && 'place' in part ? part : undefined;
}
