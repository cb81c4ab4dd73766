/**
 * Versions close to semantic ones, for schemes that read them generously: `v?` numbers separated by dots, as many as
 * the scheme allows, leading zeros included; then `-prerelease` and `+build` as in semantic versions.
 * Source  https://semver.org/
 */
import { compareNumbers, digitsEnd, natural, type Natural } from './natural.js';
import { comparePrereleases, type Identifier } from './prerelease.js';
import { readTail } from './semantic-version.js';

export interface LooseVersion {
  readonly numbers: readonly Natural[];
  readonly prerelease: readonly Identifier[];
  readonly build: readonly Identifier[];
}

export function parseLooseVersion(text: string, mostNumbers = Infinity): LooseVersion | undefined {
  const numbers: Natural[] = [];
  let at = text[0] === 'v' ? 1 : 0;
  for (;;) {
    const end = digitsEnd(text, at);
    if (end === at) return undefined;
    numbers.push(natural(text, at, end));
    at = end;
    if (text[at] !== '.' || numbers.length === mostNumbers) break;
    at++;
  }
  const tail = readTail(text, at);
  return tail && { numbers, prerelease: tail.prerelease, build: tail.build };
}

/** Missing numbers are zero; build metadata do not count. */
export function orderLooseVersions(a: LooseVersion, b: LooseVersion): number {
  return compareNumbers(a.numbers, b.numbers) || comparePrereleases(a.prerelease, b.prerelease);
}
