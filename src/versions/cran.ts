/**
 * Versions of R packages: numbers separated by dots or dashes, which mean the same, in lexicographic order.
 * Source  https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file
 */
import { comparatorRange } from './constraints/comparators.js';
import { compareNumberLists, parseNumberList } from './order/number-list.js';
import { defineScheme } from './scheme.js';

const parse = (text: string) => parseNumberList(text, '.-');

export const cran = defineScheme({
  id: 'cran',
  title: 'CRAN',
  source: 'https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file',
  alphabet: '0 1 2 10 01 . - .0 -1 1.0',
  parse,
  order: compareNumberLists,
  range: comparatorRange({ parse, order: compareNumberLists }),
});
