/**
 * Versions of Haskell packages: numbers separated by dots, in lexicographic order, so that 1.0 < 1.0.0.
 * Source  https://hackage.haskell.org/package/base/docs/Data-Version.html
 */
import { comparatorRange } from './constraints/comparators.js';
import { compareNumberLists, parseNumberList } from './order/number-list.js';
import { defineScheme } from './scheme.js';

const parse = (text: string) => parseNumberList(text, '.');

export const hackage = defineScheme({
  id: 'hackage',
  title: 'Hackage',
  source: 'https://hackage.haskell.org/package/base/docs/Data-Version.html',
  alphabet: '0 1 2 10 01 . .0 .1 1.0',
  parse,
  order: compareNumberLists,
  range: comparatorRange({ parse, order: compareNumberLists }),
});
