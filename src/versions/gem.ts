/**
 * Versions of Ruby gems.
 * Shape   a number, then segments of letters and digits separated by dots; the first `-` and all after it are read
 *         as `.pre.`; any letter makes a pre-release. Blank text is version 0.
 * Order   segments in turn: numbers by value, letters below numbers, missing segments are zero.
 * Errors  any other text, platforms such as `1.2-x86_64-linux` included, is no version.
 * Source  https://docs.ruby-lang.org/en/master/Gem/Version.html
 */
import { comparatorRange } from './constraints/comparators.js';
import {
  compareNaturals,
  compareText,
  digitsEnd,
  isDigit,
  isLetter,
  natural,
  successor,
  type Natural,
} from './order/natural.js';
import { defineScheme, type Range } from './scheme.js';

export const gem = defineScheme({
  id: 'gem',
  title: 'RubyGems',
  source: 'https://docs.ruby-lang.org/en/master/Gem/Version.html',
  alphabet: '0 1 2 10 01 . - a b rc .rc1 .pre .beta.2 -rc1 1.0 .0',
  parse,
  order,
  range: comparatorRange({ parse: (text) => parse(text), order, operators: { '~>': pessimistic } }),
});

type Segment = Natural | string;

interface GemVersion {
  /** The numbers before the first letters; without trailing zeros. */
  readonly release: readonly Natural[];
  /** From the first letters on; without trailing zeros. */
  readonly rest: readonly Segment[];
  /** How many numbers were written, trailing zeros included: `~>` cares. */
  readonly written: number;
}

function parse(text: string): GemVersion | undefined {
  const version = text.trim();
  if (version === '') return { release: [], rest: [], written: 1 };
  if (!isWellFormed(version)) return undefined;
  const release: Natural[] = [];
  const rest: Segment[] = [];
  for (let at = 0; at < version.length;) {
    const end = segmentEnd(version, at);
    if (version[at] === '-') rest.push('pre');
    else if (!isDigit(version.charCodeAt(at))) rest.push(version.slice(at, end));
    else if (rest.length > 0) rest.push(natural(version, at, end));
    else release.push(natural(version, at, end));
    at = version[end] === '.' ? end + 1 : end;
  }
  const written = release.length;
  dropTrailingZeros(release);
  dropTrailingZeros(rest);
  return { release, rest, written };
}

/** `[0-9]+(\.[0-9a-zA-Z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?` */
function isWellFormed(version: string): boolean {
  const dash = version.indexOf('-');
  const mainEnd = dash < 0 ? version.length : dash;
  const first = digitsEnd(version, 0);
  if (first === 0 || (first < mainEnd && version[first] !== '.')) return false;
  for (let i = first; i < version.length; i++) {
    const code = version.charCodeAt(i);
    const last = i + 1 === version.length;
    if (isDigit(code) || isLetter(code)) continue;
    if (
      i === dash ? last || version[i + 1] === '.' : code === dot && (last || version[i + 1] === '.' || i + 1 === dash)
    )
      return false;
    if (code !== dot && code !== 45) return false;
  }
  return true;
}

/** A segment is a run of digits, a run of letters or one dash. */
function segmentEnd(version: string, start: number): number {
  const first = version.charCodeAt(start);
  if (isDigit(first)) return digitsEnd(version, start);
  let end = start + 1;
  if (isLetter(first)) while (isLetter(version.charCodeAt(end))) end++;
  return end;
}

function dropTrailingZeros(segments: Segment[]): void {
  while (segments.at(-1) === 0) segments.pop();
}

function order(a: GemVersion, b: GemVersion): number {
  const aLength = a.release.length + a.rest.length;
  const bLength = b.release.length + b.rest.length;
  const length = Math.max(aLength, bLength);
  for (let i = 0; i < length; i++) {
    const difference = compareSegments(segment(a, i), segment(b, i));
    if (difference !== 0) return difference;
  }
  return 0;
}

function segment({ release, rest }: GemVersion, index: number): Segment {
  return (index < release.length ? release[index] : rest[index - release.length]) ?? 0;
}

function compareSegments(a: Segment, b: Segment): number {
  if (typeof a === 'string') return typeof b === 'string' ? compareText(a, b) : -1;
  return typeof b === 'string' ? 1 : compareNaturals(a, b);
}

/** `~> 1.2.3`: from 1.2.3 to before 1.3, and pre-releases of 1.3 are not before it. */
function pessimistic(bound: GemVersion): Range<GemVersion> {
  const limit = bump(bound);
  return (version) => order(version, bound) >= 0 && order({ ...version, rest: [] }, limit) < 0;
}

function bump({ release, written }: GemVersion): GemVersion {
  const index = Math.max(0, written - 2);
  const kept = Array.from({ length: index + 1 }, (_, i) => release[i] ?? 0);
  kept[index] = successor(kept[index]!);
  return { release: kept, rest: [], written: kept.length };
}

const dot = 46;
