/**
 * Versions of Maven artifacts.
 * Shape   any text; dots, dashes and changes between digits and letters part it into numbers and qualifiers.
 * Order   item by item, where dashes and changes open a nested list:
 *         alpha < beta < milestone < rc < snapshot < release < sp < other qualifiers < list < number;
 *         trailing zeros and empty qualifiers of a list do not count; case does not count.
 * Ranges  comparators (`>=1.0, <2.0`), or Maven's own brackets (`[1.0,2.0),[3.0]`).
 * Errors  every string is a version; other constraints are none.
 * Source  https://maven.apache.org/pom.html#version-order-specification
 */
import { comparatorRange } from './constraints/comparators.js';
import { intervalRange, isIntervalNotation } from './constraints/interval-range.js';
import { orderMaven, parseMaven } from './order/maven-version.js';
import { isDigit, isLetter } from './order/natural.js';
import { defineScheme } from './scheme.js';

const comparators = comparatorRange({ parse: parseBound, order: orderMaven, insideVersion: '~' });
const intervals = intervalRange({ parse: parseBound, order: orderMaven });

export const maven = defineScheme({
  id: 'maven',
  title: 'Maven',
  source: 'https://maven.apache.org/pom.html#version-order-specification',
  alphabet: '1 2 10 01 .1 .0.2 -1 -a1 -alpha -beta-2 -rc cr2 -SNAPSHOT -sp -x b m3 1.0',
  parse: parseMaven,
  order: orderMaven,
  range: (text) => (isIntervalNotation(text) ? intervals : comparators)(text),
});

function parseBound(text: string) {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isDigit(code) && !isLetter(code) && !'.-+_~'.includes(text[i]!)) return undefined;
  }
  return parseMaven(text);
}
