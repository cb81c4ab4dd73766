/**
 * Versions of Dart packages: semantic versions where build metadata count, a version without them being the lowest;
 * read generously as in `semver.ts`. Constraints are comparators and `^`.
 * Source  https://pub.dev/documentation/pub_semver/latest/pub_semver/Version-class.html
 */
import { comparatorRange } from './constraints/comparators.js';
import { orderLooseVersions, parseLooseVersion, type LooseVersion } from './order/loose-version.js';
import { successor, type Natural } from './order/natural.js';
import { compareIdentifiers } from './order/prerelease.js';
import { defineScheme, type Range } from './scheme.js';

const parse = (text: string) => parseLooseVersion(text);

export const pub = defineScheme({
  id: 'pub',
  title: 'Pub',
  source: 'https://pub.dev/documentation/pub_semver/latest/pub_semver/Version-class.html',
  alphabet: '0 1 2 10 v . - + a beta -alpha -beta.1 -rc.2 -1 +build +1 +2 1.0.0 0.1.2 2.10.3',
  parse,
  order,
  range: comparatorRange({ parse, order, operators: { '^': compatible } }),
});

function order(a: LooseVersion, b: LooseVersion): number {
  return orderLooseVersions(a, b) || compareIdentifiers(a.build, b.build);
}

/** To before the next version that may break: the next major one, before 1.0.0 the next minor one. */
function compatible(bound: LooseVersion): Range<LooseVersion> {
  const [major, minor = 0] = bound.numbers;
  const limit = major === 0 ? release(0, successor(minor)) : release(successor(major!));
  return (version) => order(version, bound) >= 0 && order(version, limit) < 0;
}

function release(...numbers: Natural[]): LooseVersion {
  return { numbers, prerelease: [], build: [] };
}
