/**
 * Semantic versions, read generously: a leading `v`, leading zeros and fewer or more than three numbers are accepted.
 * Constraints are comparators, over which pre-releases count.
 * Source  https://semver.org/#spec-item-11
 */
import { comparatorRange } from './constraints/comparators.js';
import { orderLooseVersions as order, parseLooseVersion } from './order/loose-version.js';
import { defineScheme } from './scheme.js';

const parse = (text: string) => parseLooseVersion(text);

export const semver = defineScheme({
  id: 'semver',
  title: 'Semantic Versioning',
  source: 'https://semver.org/#spec-item-11',
  alphabet: '0 1 2 10 v . - + a beta -alpha -beta.1 -rc.2 -1 +build 1.0.0 0.1.2 2.10.3',
  parse,
  order,
  range: comparatorRange({ parse, order }),
});
