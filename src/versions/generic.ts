/**
 * Versions of ecosystems that are close to semantic versioning without keeping to it.
 * Shape   `v?` numbers separated by dots, as many as there are; a pre-release after `-` or at the first letter;
 *         build metadata after `+`, which do not count.
 * Order   numbers (missing ones are zero), then pre-releases as in Semantic Versioning, below the release.
 * Errors  any other text is no version.
 * Source  https://pkg.go.dev/github.com/aquasecurity/go-version/pkg/version
 */
import { comparatorRange } from './constraints/comparators.js';
import { compareNumbers, digitsEnd, isLetter, natural, successor, type Natural } from './order/natural.js';
import {
  comparePrereleases,
  compareWithBound,
  isIdentifierCharacter,
  readIdentifiers,
  type Identifier,
} from './order/prerelease.js';
import { defineScheme, type Range } from './scheme.js';

export const generic = defineScheme({
  id: 'generic',
  title: 'Generic',
  source: 'https://pkg.go.dev/github.com/aquasecurity/go-version/pkg/version',
  alphabet: '0 1 2 10 01 v . - + ~ a b -alpha -beta.1 rc1 -rc.2 +build 1.0 .0',
  parse,
  order,
  range: comparatorRange({
    parse,
    order: orderBound,
    operators: { '~>': below(pessimisticBump), '~': below(tildeBump), '^': below(caretBump) },
    insideVersion: '~',
  }),
});

interface GenericVersion {
  readonly numbers: readonly Natural[];
  readonly prerelease: readonly Identifier[];
}

function parse(text: string): GenericVersion | undefined {
  let at = text[0] === 'v' ? 1 : 0;
  const numbers: Natural[] = [];
  for (;;) {
    const end = digitsEnd(text, at);
    if (end === at) return undefined;
    numbers.push(natural(text, at, end));
    at = end;
    if (text[at] !== '.') break;
    at++;
  }
  const plus = text.indexOf('+', at);
  if (plus >= 0 && !readIdentifiers(text, plus + 1, text.length, '~')) return undefined;
  const end = plus < 0 ? text.length : plus;
  if (at === end) return { numbers, prerelease: [] };
  const start = prereleaseStart(text, at, end);
  const prerelease = start < 0 ? undefined : readIdentifiers(text, start, end, '~');
  return prerelease && { numbers, prerelease };
}

/** A single dash leads in the pre-release and is no part of it, unless nothing else would be left to begin with. */
function prereleaseStart(text: string, at: number, end: number): number {
  if (text[at] === '-') return at + 1 < end && isIdentifierCharacter(text, at + 1, '~') ? at + 1 : at;
  return isLetter(text.charCodeAt(at)) || text[at] === '~' ? at : -1;
}

function order(a: GenericVersion, b: GenericVersion): number {
  return compareNumbers(a.numbers, b.numbers) || comparePrereleases(a.prerelease, b.prerelease);
}

function orderBound(version: GenericVersion, bound: GenericVersion): number {
  return compareNumbers(version.numbers, bound.numbers) || compareWithBound(version.prerelease, bound.prerelease);
}

/** From the bound itself to before its bump. */
function below(bump: (bound: GenericVersion) => GenericVersion): (bound: GenericVersion) => Range<GenericVersion> {
  return (bound) => {
    const limit = bump(bound);
    return (version) => orderBound(version, bound) >= 0 && orderBound(version, limit) < 0;
  };
}

/** `~> 1` to before 2, `~> 1.2` to before 2.0, `~> 1.2.3` to before 1.3.0: the last number but one goes up. */
function pessimisticBump({ numbers, prerelease }: GenericVersion): GenericVersion {
  if (numbers.length === 1) return { numbers: [successor(numbers[0]!)], prerelease };
  return { numbers: raise(numbers, numbers.length - 2), prerelease: [] };
}

/** As above, but `~ 1.2` to before 1.3. */
function tildeBump(bound: GenericVersion): GenericVersion {
  const { numbers, prerelease } = bound;
  return numbers.length === 2 ? { numbers: raise(numbers, 1), prerelease } : pessimisticBump(bound);
}

/** The first number that is not zero goes up; of zeros only, the last. */
function caretBump({ numbers }: GenericVersion): GenericVersion {
  const first = numbers.findIndex((number) => number !== 0);
  return { numbers: raise(numbers, first < 0 ? numbers.length - 1 : first), prerelease: [] };
}

function raise(numbers: readonly Natural[], index: number): Natural[] {
  return [...numbers.slice(0, index), successor(numbers[index]!)];
}
