/**
 * Versions and ranges of npm packages.
 * Reads   strict semantic versions; ranges of comparators, `^`, `~`, open parts (`1.x`, `*`), spaces or commas, and `||`;
 *         an empty alternative stands for all versions. Hyphen ranges do not occur in advisories and are not read.
 * Order   Semantic Versioning. Pre-releases count in every range, as advisories mean them: `<2.0.0` holds for
 *         `2.0.0-rc.1`, where npm itself would leave it out when it chooses what to install.
 * Errors  any other text, tags such as `latest` included, is neither version nor range.
 * Source  https://docs.npmjs.com/cli/v6/using-npm/semver#ranges
 */
import { anyOf, alternativesRange, relations, undecidable, type Comparator } from './constraints/comparators.js';
import {
  caretEnd,
  comparePartial,
  isOpen,
  parsePartialVersion,
  tildeEnd,
  type PartialVersion,
} from './constraints/partial-version.js';
import { compareWithBound, hasWildcard } from './order/prerelease.js';
import { defineScheme, type Range } from './scheme.js';
import { orderSemanticVersions, parseSemanticVersion, type SemanticVersion } from './order/semantic-version.js';

export const npm = defineScheme({
  id: 'npm',
  title: 'npm',
  source: 'https://docs.npmjs.com/cli/v6/using-npm/semver',
  alphabet: '0 1 2 10 . - + x a beta -alpha -beta.1 -rc.2 +build 1.0.0 0.1.2 2.10.3',
  parse: (text) => parseSemanticVersion(text),
  order: orderSemanticVersions,
  range: (text) => anyOf(text.split('||').map(alternative)),
});

type NpmRange = Range<SemanticVersion>;

function alternative(text: string): NpmRange {
  return text.trim() === '' ? () => true : alternativesRange(text, compile);
}

function compile({ operator, version }: Comparator): NpmRange {
  const bound = parsePartialVersion(version);
  if (!bound) return undecidable;
  // A pre-release of an open bound stands for nothing.
  if (isOpen(bound) && bound.prerelease.length > 0 && !hasWildcard(bound.prerelease)) return () => false;
  return operators.get(operator)?.(bound) ?? undecidable;
}

function order(version: SemanticVersion, bound: PartialVersion): number {
  return comparePartial(version, bound, compareWithBound);
}

function upTo(end: (bound: PartialVersion) => PartialVersion | undefined): (bound: PartialVersion) => NpmRange {
  return (bound) => {
    const limit = end(bound);
    return (version) => order(version, bound) >= 0 && (!limit || order(version, limit) < 0);
  };
}

const operators = new Map<string, (bound: PartialVersion) => NpmRange>([
  ...relations(order).filter(([operator]) => operator !== '!='),
  ['~', upTo(tildeEnd)],
  ['^', upTo(caretEnd)],
]);
