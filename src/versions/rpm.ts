/**
 * Versions of RPM packages: `[epoch:]version[-release]`.
 * Reads   the epoch, digits before the first `:` (0 when absent) and the release after the first `-`.
 * Order   epoch, then version, then release, segment by segment. An absent release is an empty one and so the lowest:
 *         the rule of the reference, where rpm itself leaves the release out of the comparison.
 * Errors  every string is a version.
 * Source  https://rpm-software-management.github.io/rpm/manual/spec.html#version
 */
import {
  compareNaturals,
  compareDigitRuns,
  digitsEnd,
  isDigit,
  isLetter,
  natural,
  type Natural,
} from './order/natural.js';
import { packageRange } from './constraints/package-range.js';
import { defineScheme } from './scheme.js';

export const rpm = defineScheme({
  id: 'rpm',
  title: 'RPM',
  source: 'https://rpm-software-management.github.io/rpm/manual/spec.html#version',
  alphabet: '0 1 2 10 01 : - . ~ ^ _ + a b rc el8 1: 2: 1.0 -1',
  parse,
  order,
  range: packageRange(parse, order),
});

interface RpmVersion {
  readonly epoch: Natural;
  readonly version: string;
  readonly release: string;
}

function parse(text: string): RpmVersion {
  const epochEnd = digitsEnd(text, 0);
  const start = text[epochEnd] === ':' ? epochEnd + 1 : 0;
  const dash = text.indexOf('-', start);
  return {
    epoch: start > 0 ? natural(text, 0, epochEnd) : 0,
    version: text.slice(start, dash < 0 ? text.length : dash),
    release: dash < 0 ? '' : text.slice(dash + 1),
  };
}

function order(a: RpmVersion, b: RpmVersion): number {
  return (
    compareNaturals(a.epoch, b.epoch) || compareSegments(a.version, b.version) || compareSegments(a.release, b.release)
  );
}

/** Segments are runs of digits, runs of letters, single `~` and `^`; everything else only separates. */
function compareSegments(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  let j = 0;
  for (;;) {
    while (i < a.length && !isSegment(a.charCodeAt(i))) i++;
    while (j < b.length && !isSegment(b.charCodeAt(j))) j++;
    if (i === a.length || j === b.length) return compareRests(a, i, b, j);
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(j);
    const kind = segmentRank(x) - segmentRank(y);
    if (kind !== 0) return kind;
    const iEnd = segmentEnd(a, i);
    const jEnd = segmentEnd(b, j);
    const difference = isDigit(x)
      ? compareDigitRuns(a, i, iEnd, b, j, jEnd)
      : compareLetterRuns(a, i, iEnd, b, j, jEnd);
    if (difference !== 0) return difference;
    i = iEnd;
    j = jEnd;
  }
}

/** One side is used up: more segments win, but a tilde stands below the end. */
function compareRests(a: string, i: number, b: string, j: number): number {
  if (i < a.length) return a[i] === '~' ? -1 : 1;
  if (j < b.length) return b[j] === '~' ? 1 : -1;
  return 0;
}

function segmentRank(code: number): number {
  if (isDigit(code)) return 3;
  if (isLetter(code)) return 2;
  return code === caret ? 1 : 0;
}

function segmentEnd(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (isDigit(first)) return digitsEnd(text, start);
  let end = start + 1;
  if (isLetter(first)) while (isLetter(text.charCodeAt(end))) end++;
  return end;
}

function compareLetterRuns(a: string, i: number, iEnd: number, b: string, j: number, jEnd: number): number {
  const length = Math.min(iEnd - i, jEnd - j);
  for (let k = 0; k < length; k++) {
    const difference = a.charCodeAt(i + k) - b.charCodeAt(j + k);
    if (difference !== 0) return difference;
  }
  return iEnd - i - (jEnd - j);
}

const tilde = 126;
const caret = 94;

function isSegment(code: number): boolean {
  return isDigit(code) || isLetter(code) || code === tilde || code === caret;
}
