/**
 * Versions of Alpine packages: `number{.number}{letter}{_suffix{number}}{-r#}`.
 * Order   token by token. Numbers after the first dot that begin with zeros compare as fractions (`1.05` < `1.5`);
 *         `_alpha _beta _pre _rc` stand before the end, `_cvs _svn _git _hg _p` after it; otherwise longer is greater.
 * Errors  a token out of place or an unknown suffix: no version. Like the reference, any character may stand for the
 *         `r` of the revision, and numbers may be empty (`1..2`): stored advisories contain such versions.
 * Source  https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/v2.14.0/src/version.c
 */
import { compareDigitRuns, digitsEnd, isDigit } from './order/natural.js';
import { packageRange } from './constraints/package-range.js';
import { defineScheme } from './scheme.js';

export const apk = defineScheme({
  id: 'apk',
  title: 'Alpine',
  source: 'https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/v2.14.0/src/version.c',
  alphabet: '0 1 2 10 01 00 . a b _alpha _beta _pre _rc _cvs _svn _git _hg _p _p1 -r -r0 -r1 1.0',
  parse: (text) => (isVersion(text) ? text : undefined),
  order,
  range: packageRange((text) => (isVersion(text) ? text : undefined), order),
});

/** What the next token is; where two versions part, the lower kind makes the greater version. */
const fraction = 0;
const digits = 1;
const letter = 2;
const suffix = 3;
const suffixNumber = 4;
const revision = 5;
const end = 6;
const invalid = 7;

/** A reading position, and the last token read. */
interface Cursor {
  readonly text: string;
  at: number;
  /** Kind of the token to read next. */
  next: number;
  /** Digits of the token just read, as a slice; empty for other tokens, which have a rank instead. */
  start: number;
  stop: number;
  rank: number;
}

function cursor(text: string): Cursor {
  return { text, at: 0, next: digits, start: 0, stop: 0, rank: 0 };
}

function isVersion(text: string): boolean {
  if (text === '') return false;
  const tokens = cursor(text);
  while (tokens.next < end) readToken(tokens);
  return tokens.next === end;
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  const x = cursor(a);
  const y = cursor(b);
  while (x.next === y.next) {
    if (x.next >= end) return 0;
    readToken(x);
    readToken(y);
    const difference = x.rank - y.rank || compareDigitRuns(a, x.start, x.stop, b, y.start, y.stop);
    if (difference !== 0) return difference;
  }
  return belowTheEnd(y) - belowTheEnd(x) || y.next - x.next;
}

/** 1 when a pre-release suffix comes next, else 0. */
function belowTheEnd(tokens: Cursor): number {
  if (tokens.next !== suffix) return 0;
  return suffixes.find(([name]) => tokens.text.startsWith(name, tokens.at))![1] < 0 ? 1 : 0;
}

function readToken(tokens: Cursor): void {
  const { text, next: kind } = tokens;
  tokens.rank = 0;
  tokens.start = tokens.stop = tokens.at;
  if (kind === fraction && text.charCodeAt(tokens.at) === 48) {
    while (text.charCodeAt(tokens.at) === 48) tokens.at++;
    tokens.rank = tokens.start - tokens.at;
    tokens.start = tokens.stop = tokens.at;
    // The digits after leading zeros are a token of their own.
    tokens.next = tokens.at === text.length ? end : digits;
    return;
  }
  if (kind === letter) {
    tokens.rank = text.charCodeAt(tokens.at++);
  } else if (kind === suffix) {
    const found = suffixes.find(([name]) => text.startsWith(name, tokens.at));
    if (!found) {
      tokens.next = invalid;
      return;
    }
    tokens.rank = found[1];
    tokens.at += found[0].length;
  } else {
    tokens.at = tokens.stop = digitsEnd(text, tokens.at);
  }
  tokens.next = tokens.at === text.length ? end : nextKind(tokens, kind);
}

/** In the order in which they are tried; `p` comes last since `pre` begins like it. */
const suffixes: readonly (readonly [name: string, rank: number])[] = [
  ['alpha', -4],
  ['beta', -3],
  ['pre', -2],
  ['rc', -1],
  ['cvs', 0],
  ['svn', 1],
  ['git', 2],
  ['hg', 3],
  ['p', 4],
];

/** Moves past the mark that opens the next token; letters and digits open theirs without one. */
function nextKind(tokens: Cursor, kind: number): number {
  const code = tokens.text.charCodeAt(tokens.at);
  if (kind <= digits && code >= 97 && code <= 122) return letter;
  if (kind === letter && isDigit(code)) return digits;
  if (kind === suffix && isDigit(code)) return suffixNumber;
  let found = invalid;
  if (code === dot) found = fraction;
  else if (code === underscore) found = suffix;
  else if (code === dash && tokens.at + 1 < tokens.text.length) found = revision;
  tokens.at += found === revision ? 2 : 1;
  return canFollow(found, kind) ? found : invalid;
}

/** Tokens come in the order of their kinds, with two steps back. */
function canFollow(found: number, kind: number): boolean {
  return found >= kind || (found === fraction && kind === digits) || (found === suffix && kind === suffixNumber);
}

const dot = 46;
const underscore = 95;
const dash = 45;
