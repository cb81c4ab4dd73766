/**
 * Constraints in interval notation, as Maven and NuGet write them: `[1.0,2.0)`, `(,1.5]`, `[1.2.3]`, `[1,2),[3,4)`.
 * An absent bound is no bound; several intervals are alternatives; blanks do not count.
 * Errors  anything else is undecidable.
 * Source  https://maven.apache.org/enforcer/enforcer-rules/versionRanges.html
 */
import { anyOf, undecidable } from './comparators.js';
import type { Range } from '../scheme.js';

export interface IntervalGrammar<V> {
  parse(text: string): V | undefined;
  order(a: V, b: V): number;
}

export function intervalRange<V>(grammar: IntervalGrammar<V>): (text: string) => Range<V> {
  return (text) => {
    const ranges: Range<V>[] = [];
    for (let at = skipSpaces(text, 0); at < text.length;) {
      const close = closingBracket(text, at);
      if (!isOpening(text[at]) || close < 0) return undecidable;
      ranges.push(interval(text.slice(at, close + 1), grammar));
      at = skipSpaces(text, close + 1);
      if (text[at] === ',') at = skipSpaces(text, at + 1);
    }
    return ranges.length > 0 ? anyOf(ranges) : undecidable;
  };
}

/** Whether a constraint is written in this notation. */
export function isIntervalNotation(text: string): boolean {
  return isOpening(text[skipSpaces(text, 0)]);
}

function isOpening(c: string | undefined): boolean {
  return c === '[' || c === '(';
}

function closingBracket(text: string, start: number): number {
  for (let i = start; i < text.length; i++) if (text[i] === ']' || text[i] === ')') return i;
  return -1;
}

function skipSpaces(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ') at++;
  return at;
}

function interval<V>(text: string, { parse, order }: IntervalGrammar<V>): Range<V> {
  const bounds = text.slice(1, -1).split(',', 3);
  if (bounds.length > 2) return undecidable;
  const [lowText, highText] = bounds.map((bound) => bound.trim());
  const low = lowText ? parse(lowText) : undefined;
  if (lowText && low === undefined) return undecidable;
  // One version in brackets is that version.
  if (highText === undefined) return low === undefined ? undecidable : (version) => order(version, low) === 0;
  const high = highText ? parse(highText) : undefined;
  if (highText && high === undefined) return undecidable;
  const lowest = text.startsWith('[') ? 0 : 1;
  const highest = text.endsWith(']') ? 0 : -1;
  return (version) =>
    (low === undefined || Math.sign(order(version, low)) >= lowest) &&
    (high === undefined || Math.sign(order(version, high)) <= highest);
}
