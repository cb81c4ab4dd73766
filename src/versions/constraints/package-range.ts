/**
 * Constraints on versions of operating-system packages, as suppliers' feeds write them: `>=1.2-r0, <1.3-r2`.
 * A bound starts with a digit and consists of letters, digits and `. - + ~ : _ ^`.
 * Source  the grammar of the reference's supplier feeds (Root.io, RapidFort, Seal), which store such ranges.
 */
import { comparatorRange } from './comparators.js';
import { isDigit, isLetter } from '../order/natural.js';
import type { Range } from '../scheme.js';

export function packageRange<V>(
  parse: (text: string) => V | undefined,
  order: (a: V, b: V) => number,
): (text: string) => Range<V> {
  return comparatorRange({
    parse: (text) => (isBound(text) ? parse(text) : undefined),
    order,
    insideVersion: '~^',
  });
}

function isBound(text: string): boolean {
  if (!isDigit(text.charCodeAt(0))) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isDigit(code) && !isLetter(code) && !'.-+~:_^'.includes(text[i]!)) return false;
  }
  return true;
}
