/**
 * Versions of Bitnami components: `major.minor.patch[-revision]`, where a revision stands above its version.
 * Ranges take open parts as npm's do, save that `<1.2` means below 1.2.0; `!=` is known, too.
 * Errors  any other text is neither version nor range.
 * Source  https://pkg.go.dev/github.com/bitnami/go-version/pkg/version
 */
import { alternativesRange, anyOf, relations, undecidable, type Comparator } from './constraints/comparators.js';
import {
  caretEnd,
  comparePartial,
  lowest,
  parsePartialVersion,
  tildeEnd,
  type PartialVersion,
} from './constraints/partial-version.js';
import { compareIdentifiers, hasWildcard, type Identifier } from './order/prerelease.js';
import { defineScheme, type Range } from './scheme.js';
import { compareReleases, parseSemanticVersion, type SemanticVersion } from './order/semantic-version.js';

export const bitnami = defineScheme({
  id: 'bitnami',
  title: 'Bitnami',
  source: 'https://pkg.go.dev/github.com/bitnami/go-version/pkg/version',
  alphabet: '0 1 2 10 . - + x -0 -1 -2 -10 -r1 +build 1.0.0 0.1.2 2.10.3',
  parse: (text) => parseSemanticVersion(text),
  order: (a, b) => compareReleases(a, b) || compareIdentifiers(a.prerelease, b.prerelease),
  range: (text) => anyOf(text.split('||').map(alternative)),
});

type BitnamiRange = Range<SemanticVersion>;

function alternative(text: string): BitnamiRange {
  return text.trim() === '' ? () => true : alternativesRange(text, compile);
}

function compile({ operator, version }: Comparator): BitnamiRange {
  const bound = parsePartialVersion(version);
  return (bound && operators.get(operator)?.(bound)) ?? undecidable;
}

function order(version: SemanticVersion, bound: PartialVersion): number {
  return comparePartial(version, bound, compareRevisions);
}

/** A wildcard in a bound is no revision. */
function compareRevisions(version: readonly Identifier[], bound: readonly Identifier[]): number {
  return compareIdentifiers(version, hasWildcard(bound) ? [] : bound);
}

function below(limit: PartialVersion): BitnamiRange {
  return (version) => order(version, limit) < 0;
}

function upTo(end: (bound: PartialVersion) => PartialVersion | undefined): (bound: PartialVersion) => BitnamiRange {
  return (bound) => {
    const limit = end(bound);
    return (version) => order(version, bound) >= 0 && (!limit || order(version, limit) < 0);
  };
}

const operators = new Map<string, (bound: PartialVersion) => BitnamiRange>([
  ...relations(order),
  ['<', (bound) => below(lowest(bound))],
  ['~', upTo(tildeEnd)],
  ['^', upTo(caretEnd)],
]);
