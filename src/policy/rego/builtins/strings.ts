/** Strings. Places and lengths count characters (code points). */
import { RegoObject, type Value } from '../value.js';
import { array, builtin, BuiltinFailure, type Builtins, members, object, text, texts, whole } from './builtin.js';
import { sprintf } from './sprintf.js';

export const strings: Builtins = {
  concat: builtin(2, (_, separator, parts) => texts(parts).join(text(separator))),
  contains: builtin(2, (_, value, part) => text(value).includes(text(part))),
  startswith: builtin(2, (_, value, part) => text(value).startsWith(text(part))),
  endswith: builtin(2, (_, value, part) => text(value).endsWith(text(part))),
  indexof: builtin(2, (_, value, part) => indexOf(text(value), text(part))),
  indexof_n: builtin(2, (_, value, part) => indexesOf(text(value), text(part))),
  lower: builtin(1, (_, value) => cased(text(value), (c) => c.toLowerCase())),
  upper: builtin(1, (_, value) => cased(text(value), (c) => c.toUpperCase())),
  replace: builtin(3, ({ budget }, value, old, by) => {
    // Nothing stands before, between and after all characters.
    const parts = text(old) === '' ? ['', ...text(value), ''] : text(value).split(text(old));
    budget.spendText(text(value).length + parts.length * text(by).length);
    return parts.join(text(by));
  }),
  'strings.replace_n': builtin(2, ({ budget }, patterns, value) => replaceAll(object(patterns), text(value), budget)),
  split: builtin(2, (_, value, separator) =>
    text(separator) === '' ? [...text(value)] : text(value).split(text(separator)),
  ),
  sprintf: builtin(2, ({ budget }, format, values) => sprintf(text(format), array(values), budget)),
  substring: builtin(3, (_, value, offset, length) => substring(text(value), whole(offset), whole(length))),
  trim: builtin(2, (_, value, cut) => trimLeft(trimRight(text(value), text(cut)), text(cut))),
  trim_left: builtin(2, (_, value, cut) => trimLeft(text(value), text(cut))),
  trim_right: builtin(2, (_, value, cut) => trimRight(text(value), text(cut))),
  trim_prefix: builtin(2, (_, value, start) =>
    text(value).startsWith(text(start)) ? text(value).slice(text(start).length) : value,
  ),
  trim_suffix: builtin(2, (_, value, end) =>
    text(value).endsWith(text(end)) ? text(value).slice(0, text(value).length - text(end).length) : value,
  ),
  trim_space: builtin(1, (_, value) => text(value).trim()),
  'strings.reverse': builtin(1, (_, value) => [...text(value)].reverse().join('')),
  'strings.count': builtin(2, (_, value, part) =>
    text(part) === '' ? [...text(value)].length + 1 : indexesOf(text(value), text(part), true).length,
  ),
  'strings.any_prefix_match': builtin(2, (_, values, starts) => anyMatch(values, starts, (a, b) => a.startsWith(b))),
  'strings.any_suffix_match': builtin(2, (_, values, ends) => anyMatch(values, ends, (a, b) => a.endsWith(b))),
};

/** Characters that have no single counterpart stay. */
const cased = (value: string, change: (c: string) => string): string =>
  Array.from(value, (c) => {
    const changed = change(c);
    return [...changed].length === 1 ? changed : c;
  }).join('');

const charactersOf = (value: string): number => Array.from(value).length;

function indexOf(value: string, part: string): number {
  if (part === '') throw new BuiltinFailure('the string to look for is empty');
  const index = value.indexOf(part);
  return index < 0 ? -1 : charactersOf(value.slice(0, index));
}

function indexesOf(value: string, part: string, apart = false): number[] {
  if (part === '') throw new BuiltinFailure('the string to look for is empty');
  const out: number[] = [];
  let characters = 0;
  let last = 0;
  for (let at = value.indexOf(part); at >= 0; at = value.indexOf(part, at + (apart ? part.length : 1))) {
    characters += charactersOf(value.slice(last, at));
    last = at;
    out.push(characters);
  }
  return out;
}

/** At each place the first pattern in order that fits is replaced. */
function replaceAll(patterns: RegoObject, value: string, budget: { spendText(length: number): void }): Value {
  const pairs = patterns.entries.map(([old, by]) => [text(old), text(by)] as const).filter(([old]) => old !== '');
  let out = '';
  for (let i = 0; i < value.length;) {
    const pair = pairs.find(([old]) => value.startsWith(old, i));
    out += pair ? pair[1] : value[i]!;
    i += pair ? pair[0].length : 1;
    budget.spendText(pair ? pair[1].length : pairs.length);
  }
  return out;
}

function substring(value: string, offset: number, length: number): Value {
  if (offset < 0) throw new BuiltinFailure('a negative offset');
  const characters = [...value];
  return characters.slice(offset, length < 0 ? undefined : offset + length).join('');
}

function trimLeft(value: string, cut: string): string {
  const characters = [...value];
  const start = characters.findIndex((c) => !cut.includes(c));
  return start < 0 ? '' : characters.slice(start).join('');
}

function trimRight(value: string, cut: string): string {
  const characters = [...value];
  const end = characters.findLastIndex((c) => !cut.includes(c));
  return characters.slice(0, end + 1).join('');
}

function anyMatch(values: Value, parts: Value, match: (a: string, b: string) => boolean): boolean {
  const all = (value: Value): readonly string[] => (typeof value === 'string' ? [value] : members(value).map(text));
  const wanted = all(parts);
  return all(values).some((value) => wanted.some((part) => match(value, part)));
}
