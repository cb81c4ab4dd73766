/** Functions on text that templates of reports use, by the names of Sprig. Source  https://masterminds.github.io/sprig/strings.html */
import { createHash } from 'node:crypto';
import { goQuoted } from './go-printf.js';
import { bounded, fixed, type FunctionTable, integer, list, map, onText, text, variadic } from './template-function.js';
import { isList, printed, toPlain, type Value } from './values.js';

const hashed = (algorithm: string) => onText((value) => createHash(algorithm).update(value).digest('hex'));

export const textFunctions: FunctionTable = {
  lower: onText((s) => s.toLowerCase()),
  upper: onText((s) => s.toUpperCase()),
  title: onText((s) => s.replace(/(?<![\p{L}\p{N}_'])\p{L}/gu, (c) => c.toUpperCase())),
  untitle: onText((s) => s.replace(/(?<![\p{L}\p{N}_'])\p{L}/gu, (c) => c.toLowerCase())),
  trim: onText((s) => s.trim()),
  trimAll: fixed(2, ([cut, s]) => trimEnd(trimStart(text(s), text(cut)), text(cut))),
  trimPrefix: fixed(2, ([cut, s]) => (text(s).startsWith(text(cut)) ? text(s).slice(text(cut).length) : text(s))),
  trimSuffix: fixed(2, ([cut, s]) =>
    text(cut) && text(s).endsWith(text(cut)) ? text(s).slice(0, -text(cut).length) : text(s),
  ),
  nospace: onText((s) => s.replace(/\s+/g, '')),
  replace: fixed(3, ([old, by, s]) => replaced(text(s), text(old), text(by))),
  repeat: fixed(2, ([n, s]) => {
    bounded(Math.max(0, integer(n)) * text(s).length);
    return text(s).repeat(Math.max(0, integer(n)));
  }),
  contains: fixed(2, ([part, s]) => text(s).includes(text(part))),
  hasPrefix: fixed(2, ([part, s]) => text(s).startsWith(text(part))),
  hasSuffix: fixed(2, ([part, s]) => text(s).endsWith(text(part))),
  quote: variadic(0, (args) =>
    args
      .filter((a) => a !== undefined)
      .map((a) => goQuoted(text(a)))
      .join(' '),
  ),
  squote: variadic(0, (args) =>
    args
      .filter((a) => a !== undefined)
      .map((a) => `'${text(a)}'`)
      .join(' '),
  ),
  cat: variadic(0, (args) =>
    args
      .filter((a) => a !== undefined)
      .map((a) => printed(a))
      .join(' '),
  ),
  indent: fixed(2, ([n, s]) => indented(integer(n), text(s))),
  nindent: fixed(2, ([n, s]) => `\n${indented(integer(n), text(s))}`),
  trunc: fixed(2, ([n, s]) => truncated(integer(n), text(s))),
  abbrev: fixed(2, ([n, s]) => abbreviated(integer(n), text(s))),
  substr: fixed(3, ([from, to, s]) => {
    const end = integer(to);
    const start = Math.max(0, integer(from));
    return end < start ? text(s).slice(start) : text(s).slice(start, end);
  }),
  wrap: fixed(2, ([width, s]) => wrapped(integer(width), text(s))),
  split: fixed(
    2,
    ([by, s]) =>
      new Map(
        text(s)
          .split(text(by))
          .map((part, i) => [`_${i}`, part]),
      ),
  ),
  splitList: fixed(2, ([by, s]) => text(s).split(text(by))),
  join: fixed(2, ([by, values]) => {
    const all = isList(values) ? values.filter((one) => one !== undefined).map(text) : [text(values)];
    bounded(all.reduce((sum, one) => sum + one.length + text(by).length, 0));
    return all.join(text(by));
  }),
  toString: fixed(1, ([value]) => printed(value, true)),
  toStrings: fixed(1, ([values]) => list(values).map(text)),
  plural: fixed(3, ([one, many, n]) => (integer(n) === 1 ? one : many)),
  kebabcase: onText((s) => words(s).join('-')),
  snakecase: onText((s) => words(s).join('_')),
  camelcase: onText((s) =>
    words(s)
      .map((word) => word[0]!.toUpperCase() + word.slice(1))
      .join(''),
  ),
  sha1sum: hashed('sha1'),
  sha256sum: hashed('sha256'),
  sha512sum: hashed('sha512'),
  md5sum: hashed('md5'),
  b64enc: onText((s) => Buffer.from(s).toString('base64')),
  b64dec: onText((s) => Buffer.from(s, 'base64').toString()),
  toJson: fixed(1, ([value]) => escapedJson(value)),
  toRawJson: fixed(1, ([value]) => JSON.stringify(toPlain(value))),
  toPrettyJson: fixed(1, ([value]) => escapedJson(value, 2)),
  base: onText((s) => s.replace(/\/+$/, '').split('/').at(-1) || (s ? '/' : '.')),
  dir: onText((s) => (s.includes('/') ? s.slice(0, s.lastIndexOf('/')) || '/' : '.')),
  ext: onText((s) => /\.[^./]*$/.exec(s)?.[0] ?? ''),
  fail: fixed(1, ([message]) => {
    throw new Error(text(message));
  }),
  keys: variadic(1, (maps) => maps.flatMap((one) => [...map(one).keys()].sort())),
};

const escapedJson = (value: Value, indent?: number): string =>
  JSON.stringify(toPlain(value), undefined, indent).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

function replaced(value: string, old: string, by: string): string {
  const pieces = value.split(old);
  bounded(value.length + pieces.length * by.length);
  return old === '' && by === '' ? value : pieces.join(by);
}

function trimStart(value: string, cut: string): string {
  let from = 0;
  while (from < value.length && cut.includes(value[from]!)) from++;
  return value.slice(from);
}

function trimEnd(value: string, cut: string): string {
  let to = value.length;
  while (to > 0 && cut.includes(value[to - 1]!)) to--;
  return value.slice(0, to);
}

function indented(n: number, value: string): string {
  const lines = value.split('\n');
  bounded(value.length + lines.length * Math.max(0, n));
  const pad = ' '.repeat(Math.max(0, n));
  return lines.map((line) => pad + line).join('\n');
}

/** Of a negative number, the end. */
function truncated(n: number, value: string): string {
  const cut = n >= 0 ? value.slice(0, n) : value.slice(n);
  return cut.replace(/[\ud800-\udbff]$|^[\udc00-\udfff]/, '');
}

const abbreviated = (n: number, value: string): string =>
  n < 4 || value.length <= n ? value : `${truncated(n - 3, value)}...`;

function wrapped(width: number, value: string): string {
  let length = 0;
  return value
    .split(' ')
    .map((word, i) => {
      const separator = i === 0 ? '' : length + 1 + word.length > width ? '\n' : ' ';
      length = separator === ' ' ? length + 1 + word.length : word.length;
      return separator + word;
    })
    .join('');
}

const words = (value: string): readonly string[] =>
  value
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .split(/[\s_\-.]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase());
