/**
 * Bounds with parts left open, as in npm's ranges: `1.2`, `1.x`, `*`, `1.2.3-rc.1`.
 * The first open part leaves open what follows it, too; such a bound stands for all versions it is a prefix of.
 * Source  https://docs.npmjs.com/cli/v6/using-npm/semver#x-ranges-12x-1x-12-
 */
import { compareNaturals, digitsEnd, natural, successor, type Natural } from '../order/natural.js';
import type { Identifier } from '../order/prerelease.js';
import { readTail, type SemanticVersion } from '../order/semantic-version.js';

export interface PartialVersion {
  /** One to three numbers; fewer mean that the others are open. */
  readonly numbers: readonly Natural[];
  readonly prerelease: readonly Identifier[];
}

export function parsePartialVersion(text: string): PartialVersion | undefined {
  const numbers: Natural[] = [];
  let open = false;
  let at = text[0] === 'v' ? 1 : 0;
  for (let part = 0; part < 3; part++) {
    const end = digitsEnd(text, at);
    if (end > at) {
      if (!open) numbers.push(natural(text, at, end));
      at = end;
    } else if (isWildcard(text[at])) {
      open = true;
      at++;
    } else return undefined;
    if (text[at] !== '.' || part === 2) break;
    at++;
  }
  const tail = readTail(text, at);
  return tail && { numbers, prerelease: tail.prerelease };
}

export function isOpen(bound: PartialVersion): boolean {
  return bound.numbers.length < 3;
}

/** 0 when the version is one of those the bound stands for; `orderTails` decides between equal numbers. */
export function comparePartial(
  version: SemanticVersion,
  bound: PartialVersion,
  orderTails: (a: readonly Identifier[], b: readonly Identifier[]) => number,
): number {
  const numbers = [version.major, version.minor, version.patch];
  for (let i = 0; i < bound.numbers.length; i++) {
    const difference = compareNaturals(numbers[i]!, bound.numbers[i]!);
    if (difference !== 0) return difference;
  }
  return isOpen(bound) ? 0 : orderTails(version.prerelease, bound.prerelease);
}

/** The lowest version with the bound's numbers, open ones being zero. */
export function lowest({ numbers, prerelease }: PartialVersion): PartialVersion {
  const closed = [...numbers, 0, 0, 0].slice(0, 3);
  return { numbers: closed, prerelease: numbers.length < 3 ? [] : prerelease };
}

/** Where `~bound` ends: the next minor version, or the next major one when the minor is open. */
export function tildeEnd({ numbers }: PartialVersion): PartialVersion | undefined {
  return numbers.length === 0 ? undefined : raised(numbers, Math.min(1, numbers.length - 1));
}

/** Where `^bound` ends: the first number that is not zero goes up, or the last one before the open parts. */
export function caretEnd({ numbers }: PartialVersion): PartialVersion | undefined {
  if (numbers.length === 0) return undefined;
  const first = numbers.findIndex((number) => number !== 0);
  return raised(numbers, first < 0 ? numbers.length - 1 : first);
}

function raised(numbers: readonly Natural[], index: number): PartialVersion {
  return lowest({ numbers: [...numbers.slice(0, index), successor(numbers[index]!)], prerelease: [] });
}

function isWildcard(c: string | undefined): boolean {
  return c === 'x' || c === 'X' || c === '*';
}
