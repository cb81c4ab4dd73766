/**
 * Versions of Python distributions: `v? [epoch!]release [pre] [post] [dev] [+local]`, in any case and with any of the
 * separators `.`, `-`, `_` before and inside the suffixes.
 * Order   epoch, release (missing numbers are zero), then dev < pre < none < post, and last the local label.
 * Errors  any other text is no version.
 * Source  https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
import {
  compareNaturals,
  compareNumbers,
  compareText,
  digitsEnd,
  isDigit,
  isLetter,
  natural,
  type Natural,
} from './natural.js';

export interface Pep440Version {
  readonly epoch: Natural;
  readonly release: readonly Natural[];
  readonly pre?: { readonly letter: 'a' | 'b' | 'rc'; readonly number: Natural };
  readonly post?: Natural;
  readonly dev?: Natural;
  readonly local: readonly (Natural | string)[];
}

export function parsePep440(text: string): Pep440Version | undefined {
  const reader: Reader = { text: text.trim().toLowerCase(), at: 0 };
  if (reader.text[0] === 'v') reader.at = 1;
  let first = readNumber(reader);
  let epoch: Natural = 0;
  if (first !== undefined && reader.text[reader.at] === '!') {
    epoch = first;
    reader.at++;
    first = readNumber(reader);
  }
  if (first === undefined) return undefined;
  const release = [first];
  while (reader.text[reader.at] === '.' && isDigit(reader.text.charCodeAt(reader.at + 1))) {
    reader.at++;
    release.push(readNumber(reader)!);
  }
  const pre = readSuffix(reader, preWords);
  const post = readImplicitPost(reader) ?? readSuffix(reader, postWords)?.number;
  const dev = readSuffix(reader, devWords)?.number;
  const local = readLocal(reader);
  if (!local || reader.at < reader.text.length) return undefined;
  return {
    epoch,
    release,
    ...(pre && { pre: { letter: preLetters[pre.word]!, number: pre.number } }),
    ...(post !== undefined && { post }),
    ...(dev !== undefined && { dev }),
    local,
  };
}

export function orderPep440(a: Pep440Version, b: Pep440Version): number {
  return orderPublic(a, b) || compareLocal(a.local, b.local);
}

/** The order without local labels. */
export function orderPublic(a: Pep440Version, b: Pep440Version): number {
  return (
    compareBase(a, b) ||
    preRank(a) - preRank(b) ||
    compareNaturals(a.pre?.number ?? 0, b.pre?.number ?? 0) ||
    compareOptional(a.post, b.post, 1) ||
    compareOptional(a.dev, b.dev, -1)
  );
}

/** Epoch and release only. */
export function compareBase(a: Pep440Version, b: Pep440Version): number {
  return compareNaturals(a.epoch, b.epoch) || compareNumbers(a.release, b.release);
}

/** A development release of the final version comes before its pre-releases; one of a pre- or post-release does not. */
function preRank({ pre, post, dev }: Pep440Version): number {
  if (pre) return pre.letter === 'a' ? 1 : pre.letter === 'b' ? 2 : 3;
  return dev !== undefined && post === undefined ? 0 : 4;
}

/** `presence`: where a version that has the number stands against one that lacks it. */
function compareOptional(a: Natural | undefined, b: Natural | undefined, presence: 1 | -1): number {
  if (a === undefined) return b === undefined ? 0 : -presence;
  return b === undefined ? presence : compareNaturals(a, b);
}

/** Numbers stand above words; of equal beginnings the longer label is greater, and any label above none. */
function compareLocal(a: Pep440Version['local'], b: Pep440Version['local']): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a[i]!;
    const y = b[i]!;
    const words = Number(typeof y === 'string') - Number(typeof x === 'string');
    if (words !== 0) return words;
    const difference =
      typeof x === 'string' || typeof y === 'string' ? compareText(String(x), String(y)) : compareNaturals(x, y);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

interface Reader {
  readonly text: string;
  at: number;
}

function readNumber(reader: Reader): Natural | undefined {
  const end = digitsEnd(reader.text, reader.at);
  if (end === reader.at) return undefined;
  const value = natural(reader.text, reader.at, end);
  reader.at = end;
  return value;
}

/** Longer words before those they begin with. */
const preWords = ['alpha', 'a', 'beta', 'b', 'preview', 'pre', 'rc', 'c'];
const preLetters: Readonly<Record<string, 'a' | 'b' | 'rc'>> = {
  alpha: 'a',
  a: 'a',
  beta: 'b',
  b: 'b',
  preview: 'rc',
  pre: 'rc',
  rc: 'rc',
  c: 'rc',
};
const postWords = ['post', 'rev', 'r'];
const devWords = ['dev'];

/** `[-_.]?word[-_.]?[0-9]*`; a missing number is 0. */
function readSuffix(reader: Reader, words: readonly string[]): { word: string; number: Natural } | undefined {
  const start = reader.at + (isMark(reader.text[reader.at]) ? 1 : 0);
  const word = words.find((candidate) => reader.text.startsWith(candidate, start));
  if (!word) return undefined;
  reader.at = start + word.length;
  if (isMark(reader.text[reader.at])) reader.at++;
  return { word, number: readNumber(reader) ?? 0 };
}

/** `-N` is a post-release. */
function readImplicitPost(reader: Reader): Natural | undefined {
  if (reader.text[reader.at] !== '-' || !isDigit(reader.text.charCodeAt(reader.at + 1))) return undefined;
  reader.at++;
  return readNumber(reader);
}

/** `+` and alphanumeric segments; none when absent, undefined when malformed. */
function readLocal(reader: Reader): (Natural | string)[] | undefined {
  const { text } = reader;
  if (text[reader.at] !== '+') return [];
  const segments: (Natural | string)[] = [];
  do {
    const start = ++reader.at;
    while (isAlphanumeric(text.charCodeAt(reader.at))) reader.at++;
    if (reader.at === start) return undefined;
    const isNumber = digitsEnd(text, start) >= reader.at;
    segments.push(isNumber ? natural(text, start, reader.at) : text.slice(start, reader.at));
  } while (isMark(text[reader.at]));
  return segments;
}

function isMark(c: string | undefined): boolean {
  return c === '.' || c === '-' || c === '_';
}

function isAlphanumeric(code: number): boolean {
  return isDigit(code) || isLetter(code);
}
