/**
 * Dot-separated identifiers after the numbers of a version, in the order of Semantic Versioning:
 * numeric ones by value and below the others, those by code unit; a list that ends first is lower.
 * Source  https://semver.org/#spec-item-11
 */
import { compareNaturals, compareText, digitsEnd, isDigit, isLetter, natural, type Natural } from './natural.js';

/** A numeric identifier, or the text of any other. */
export type Identifier = Natural | string;

/** undefined when one of them is empty or has characters other than ASCII letters, digits, `-` and `extra`. */
export function readIdentifiers(text: string, start: number, end: number, extra = ''): Identifier[] | undefined {
  const identifiers: Identifier[] = [];
  for (let from = start; from <= end;) {
    let to = from;
    while (to < end && text[to] !== '.') {
      if (!isIdentifierCharacter(text, to, extra)) return undefined;
      to++;
    }
    if (to === from) return undefined;
    identifiers.push(digitsEnd(text, from) >= to ? natural(text, from, to) : text.slice(from, to));
    from = to + 1;
  }
  return identifiers;
}

export function isIdentifierCharacter(text: string, at: number, extra = ''): boolean {
  const code = text.charCodeAt(at);
  return isDigit(code) || isLetter(code) || code === 45 || (at < text.length && extra.includes(text[at]!));
}

/** A version without pre-release identifiers stands above those with some. */
export function comparePrereleases(a: readonly Identifier[], b: readonly Identifier[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  return compareIdentifiers(a, b);
}

/**
 * The same between a version and a bound, for schemes with wildcards: an identifier `x` on either side stands for any
 * pre-release and for none.
 */
export function compareWithBound(a: readonly Identifier[], b: readonly Identifier[]): number {
  return hasWildcard(a) || hasWildcard(b) ? 0 : comparePrereleases(a, b);
}

export function hasWildcard(identifiers: readonly Identifier[]): boolean {
  return identifiers.includes('x') || identifiers.includes('X');
}

export function compareIdentifiers(a: readonly Identifier[], b: readonly Identifier[]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = compareIdentifier(a[i]!, b[i]!);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareIdentifier(a: Identifier, b: Identifier): number {
  if (typeof a === 'string') return typeof b === 'string' ? compareText(a, b) : 1;
  return typeof b === 'string' ? -1 : compareNaturals(a, b);
}
