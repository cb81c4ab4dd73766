/** The functions of Go templates themselves. Source  https://pkg.go.dev/text/template#hdr-Functions */
import { markupText } from '../markup-text.js';
import { goPrintf, goQuoted } from './go-printf.js';
import { fixed, type FunctionTable, integer, text, variadic } from './template-function.js';
import { isEqual, isList, isMap, kindOf, lengthOf, printed, Struct, type Value } from './values.js';

export const builtinFunctions: FunctionTable = {
  eq: variadic(2, ([first, ...others]) => others.some((other) => isEqual(first, other))),
  ne: fixed(2, ([a, b]) => !isEqual(a, b)),
  lt: fixed(2, ([a, b]) => compare(a, b) < 0),
  le: fixed(2, ([a, b]) => compare(a, b) <= 0),
  gt: fixed(2, ([a, b]) => compare(a, b) > 0),
  ge: fixed(2, ([a, b]) => compare(a, b) >= 0),
  len: fixed(1, ([value]) => {
    const length = value === undefined ? 0 : lengthOf(value);
    if (length === undefined) throw new Error(`len of ${kindOf(value)}`);
    return length;
  }),
  index: variadic(1, ([value, ...keys]) => keys.reduce(at, value)),
  slice: variadic(
    1,
    ([value, from = 0, to]) => slice(value, integer(from), to === undefined ? undefined : integer(to)),
    3,
  ),
  print: variadic(0, spaced),
  println: variadic(0, (args) => `${args.map((one) => printed(one, true)).join(' ')}\n`),
  printf: variadic(1, ([format, ...args]) => goPrintf(text(format), args)),
  html: variadic(1, (args) => markupText(spaced(args))),
  js: variadic(1, (args) =>
    goQuoted(spaced(args))
      .slice(1, -1)
      .replace(/[<>&'=]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  ),
  urlquery: variadic(1, (args) =>
    encodeURIComponent(spaced(args).replace(/\p{Cs}/gu, '\ufffd')).replaceAll('%20', '+'),
  ),
};

/** Spaces between operands when neither is text. */
function spaced(args: readonly Value[]): string {
  return args
    .map(
      (one, i) => (i > 0 && typeof one !== 'string' && typeof args[i - 1] !== 'string' ? ' ' : '') + printed(one, true),
    )
    .join('');
}

function compare(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  throw new Error(`${kindOf(a)} and ${kindOf(b)} cannot be compared`);
}

/** Of what a map has not, nothing; of a list too short, an error. */
function at(value: Value, key: Value): Value {
  if (isMap(value)) return value.get(text(key));
  if (value instanceof Struct) return value.fields.get(text(key));
  if (value === undefined) return undefined;
  if (typeof key !== 'number') throw new Error(`index of ${kindOf(value)} by ${kindOf(key)}`);
  if (isList(value)) {
    if (key < 0 || key >= value.length) throw new Error(`index ${key} is out of range: ${value.length} elements`);
    return value[key];
  }
  if (typeof value === 'string') return Buffer.from(value)[key];
  throw new Error(`index of ${kindOf(value)}`);
}

function slice(value: Value, from: number, to: number | undefined): Value {
  const length = lengthOf(value);
  if (length === undefined || isMap(value)) throw new Error(`slice of ${kindOf(value)}`);
  const end = to ?? length;
  if (from < 0 || end > length || from > end) throw new Error(`slice ${from}:${end} is out of range: ${length}`);
  return isList(value)
    ? value.slice(from, end)
    : Buffer.from(value as string)
        .subarray(from, end)
        .toString();
}
