/**
 * Versions of NuGet packages: one to four numbers, then a pre-release and build metadata as in semantic versions.
 * Order   numbers (missing ones are zero), pre-releases without regard to case; build metadata do not count.
 * Ranges  comparators, or NuGet's brackets (`[1.0,2.0)`).
 * Source  https://learn.microsoft.com/en-us/nuget/concepts/package-versioning
 */
import { comparatorRange } from './constraints/comparators.js';
import { intervalRange, isIntervalNotation } from './constraints/interval-range.js';
import { orderLooseVersions as order, parseLooseVersion } from './order/loose-version.js';
import { defineScheme } from './scheme.js';

const parse = (text: string) => parseLooseVersion(text.trim().toLowerCase(), 4);
const comparators = comparatorRange({ parse, order });
const intervals = intervalRange({ parse, order });

export const nuget = defineScheme({
  id: 'nuget',
  title: 'NuGet',
  source: 'https://learn.microsoft.com/en-us/nuget/concepts/package-versioning',
  alphabet: '0 1 2 10 01 . - + a A beta -alpha -BETA.1 -rc.2 -1 +build 1.0.0 .0 2.10',
  parse,
  order,
  range: (text) => (isIntervalNotation(text) ? intervals : comparators)(text),
});
