/**
 * Constraints made of comparators: `>=1.2, <2.0 || =2.1.3`.
 * Shape   alternatives separated by `||`; in each, comparators separated by spaces or commas, all of which must hold;
 *         a comparator is an operator, optional spaces and a version; without operator it means equality.
 * Errors  one comparator that cannot be read makes the whole undecidable, as in the reference; nothing throws.
 * Source  the grammar that advisory stores use for language packages:
 *         https://pkg.go.dev/github.com/aquasecurity/go-version/pkg/version#NewConstraints
 */
import type { Range } from '../scheme.js';

export interface Comparator {
  /** `''` when none was written. */
  readonly operator: string;
  readonly version: string;
}

export interface ComparatorGrammar<V> {
  parse(text: string): V | undefined;
  order(a: V, b: V): number;
  /** Operators beyond the order relations, or in their place. */
  readonly operators?: Readonly<Record<string, (bound: V) => Range<V>>>;
  /** Operator characters that may stand inside a version. */
  readonly insideVersion?: string;
}

/** The compiler of such constraints, for `SchemeDefinition.range`. */
export function comparatorRange<V>(grammar: ComparatorGrammar<V>): (text: string) => Range<V> {
  const { order, parse } = grammar;
  const operators = new Map<string, (bound: V) => Range<V>>([
    ...relations(order),
    ...Object.entries(grammar.operators ?? {}),
  ]);
  const compile = ({ operator, version }: Comparator): Range<V> => {
    const bound = parse(version);
    return (bound === undefined ? undefined : operators.get(operator)?.(bound)) ?? undecidable;
  };
  return (text) => alternativesRange(text, compile, grammar.insideVersion);
}

/** The same for grammars whose comparators need more than a bound and an operator. */
export function alternativesRange<V>(
  text: string,
  compile: (comparator: Comparator) => Range<V>,
  insideVersion = '',
): Range<V> {
  const alternatives = text.split('||').map((alternative) => readComparators(alternative, insideVersion));
  return anyOf(alternatives.map((comparators) => (comparators ? allOf(comparators.map(compile)) : undecidable)));
}

/** The range of what cannot be read; a range that contains it is it. */
export function undecidable(): undefined {
  return undefined;
}

/** The order relations under all their spellings. */
export function relations<V, B = V>(order: (version: V, bound: B) => number): [string, (bound: B) => Range<V>][] {
  const equal = (bound: B) => (version: V) => order(version, bound) === 0;
  const atLeast = (bound: B) => (version: V) => order(version, bound) >= 0;
  const atMost = (bound: B) => (version: V) => order(version, bound) <= 0;
  return [
    ['', equal],
    ['=', equal],
    ['==', equal],
    ['!=', (bound) => (version) => order(version, bound) !== 0],
    ['>', (bound) => (version) => order(version, bound) > 0],
    ['<', (bound) => (version) => order(version, bound) < 0],
    ['>=', atLeast],
    ['=>', atLeast],
    ['<=', atMost],
    ['=<', atMost],
  ];
}

/** undefined when the text is empty, or an operator lacks its version. */
export function readComparators(text: string, insideVersion = ''): Comparator[] | undefined {
  const comparators: Comparator[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isSeparator(text.charCodeAt(at))) at++;
    if (at === text.length) return comparators.length > 0 ? comparators : undefined;
    const start = at;
    while (at < text.length && operatorCharacters.includes(text[at]!)) at++;
    const operator = text.slice(start, at);
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    const end = versionEnd(text, at, insideVersion);
    if (end === at) return undefined;
    comparators.push({ operator, version: text.slice(at, end) });
    at = end;
  }
}

/** False where one of the ranges is, else undecided where one of them is. */
function allOf<V>(ranges: readonly Range<V>[]): Range<V> {
  if (ranges.includes(undecidable)) return undecidable;
  return (version) => settle(ranges, version, false);
}

/** True where one of the ranges is, else undecided where one of them is. */
export function anyOf<V>(ranges: readonly Range<V>[]): Range<V> {
  if (ranges.includes(undecidable)) return undecidable;
  return (version) => settle(ranges, version, true);
}

function settle<V>(ranges: readonly Range<V>[], version: V, decisive: boolean): boolean | undefined {
  let result: boolean | undefined = !decisive;
  for (const range of ranges) {
    const answer = range(version);
    if (answer === decisive) return decisive;
    if (answer === undefined) result = undefined;
  }
  return result;
}

const operatorCharacters = '=!<>~^';

function versionEnd(text: string, start: number, insideVersion: string): number {
  let end = start;
  for (; end < text.length; end++) {
    if (isSeparator(text.charCodeAt(end))) break;
    const c = text[end]!;
    // An exclamation mark inside a version closes the epoch of PEP 440; before `=` it begins the next operator.
    if (c === '!' ? text[end + 1] === '=' : operatorCharacters.includes(c) && !insideVersion.includes(c)) break;
  }
  return end;
}

function isSeparator(code: number): boolean {
  return code === 44 || isSpace(code);
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
