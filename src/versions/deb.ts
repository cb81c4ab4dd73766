/**
 * Versions of Debian packages: `[epoch:]upstream[-revision]`.
 * Reads   the epoch before the first `:`, the revision after the last `-`; blanks around the whole do not count.
 * Order   epoch, upstream, revision; in each, non-digits and digits in turn; `~` before the end, letters before
 *         all other characters, digits by value. An absent revision equals `0`.
 * Errors  an upstream part that does not start with a digit, a foreign character or a bad epoch: no version.
 * Source  https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
 */
import {
  compareDigitRuns,
  compareNaturals,
  digitsEnd,
  isDigit,
  isLetter,
  natural,
  type Natural,
} from './order/natural.js';
import { packageRange } from './constraints/package-range.js';
import { defineScheme } from './scheme.js';

export const deb = defineScheme({
  id: 'deb',
  title: 'Debian',
  source: 'https://www.debian.org/doc/debian-policy/ch-controlfields.html#version',
  alphabet: '0 1 2 10 01 1: 0: . - ~ + _ a b A rc ubuntu +deb12u1 ~bpo 1.0 -1',
  parse,
  order,
  range: packageRange(parse, order),
});

interface DebVersion {
  readonly epoch: Natural;
  readonly upstream: string;
  readonly revision: string;
}

function parse(text: string): DebVersion | undefined {
  const whole = text.trim();
  const colon = whole.indexOf(':');
  if (colon === 0 || (colon > 0 && digitsEnd(whole, 0) !== colon)) return undefined;
  const start = colon + 1;
  const dash = whole.lastIndexOf('-');
  const end = dash < start ? whole.length : dash;
  if (!isDigit(whole.charCodeAt(start)) || !areAllowed(whole, start, end, '.+~_-:')) return undefined;
  if (!areAllowed(whole, end + 1, whole.length, '.+~_')) return undefined;
  return {
    epoch: colon > 0 ? natural(whole, 0, colon) : 0,
    upstream: whole.slice(start, end),
    revision: whole.slice(end + 1),
  };
}

function areAllowed(text: string, start: number, end: number, marks: string): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (!isDigit(code) && !isLetter(code) && !marks.includes(text[i]!)) return false;
  }
  return true;
}

function order(a: DebVersion, b: DebVersion): number {
  return (
    compareNaturals(a.epoch, b.epoch) || compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision)
  );
}

function compareParts(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    for (;;) {
      const x = rank(a.charCodeAt(i));
      const y = rank(b.charCodeAt(j));
      if (x !== y) return x - y;
      if (x === 0) break;
      i++;
      j++;
    }
    const iEnd = digitsEnd(a, i);
    const jEnd = digitsEnd(b, j);
    const difference = compareDigitRuns(a, i, iEnd, b, j, jEnd);
    if (difference !== 0) return difference;
    i = iEnd;
    j = jEnd;
  }
  return 0;
}

/** Of a character among non-digits; a digit and the end (NaN) both close the run. */
function rank(code: number): number {
  if (Number.isNaN(code) || isDigit(code)) return 0;
  if (code === tilde) return -1;
  return isLetter(code) ? code : code + 256;
}

const tilde = 126;
