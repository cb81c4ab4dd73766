/**
 * Regular expressions and globs, both in linear time.
 * Source  https://www.openpolicyagent.org/docs/policy-reference#regex, #glob; https://github.com/google/re2/wiki/Syntax
 */
import type { Value } from '../value.js';
import {
  builtin,
  BuiltinFailure,
  type BuiltinContext,
  type Builtin,
  type Builtins,
  texts,
  type RegexMatch,
  text,
  whole,
} from './builtin.js';

const matches: Builtin = builtin(2, (context, pattern, value) => test(context, text(pattern), text(value)));

export const patterns: Builtins = {
  'regex.match': matches,
  re_match: matches,
  'regex.is_valid': builtin(1, (context, pattern) => isValid(context, pattern)),
  'regex.split': builtin(2, (context, pattern, value) => split(context, text(pattern), text(value))),
  'regex.find_n': builtin(3, (context, pattern, value, count) =>
    find(context, text(pattern), text(value), whole(count)).map(({ groups }) => groups[0]!),
  ),
  'regex.find_all_string_submatch_n': builtin(3, (context, pattern, value, count) =>
    find(context, text(pattern), text(value), whole(count)).map(({ groups }) => groups.map((group) => group ?? '')),
  ),
  'regex.replace': builtin(3, (context, value, pattern, by) => replace(context, text(value), text(pattern), text(by))),
  'glob.match': builtin(3, (context, pattern, delimiters, value) =>
    test(context, globSource(text(pattern), delimitersOf(delimiters)), text(value)),
  ),
  'glob.quote_meta': builtin(1, (_, pattern) => text(pattern).replace(/[*?\\[\]{}]/g, '\\$&')),
};

export const usesPatterns = (name: string): boolean => Object.hasOwn(patterns, name) && name !== 'glob.quote_meta';

function find(context: BuiltinContext, pattern: string, value: string, count = -1): RegexMatch[] {
  const out: RegexMatch[] = [];
  if (count === 0) return out;
  let last = -1;
  for (const match of context.regex(pattern).matches(value)) {
    context.budget.spend(1);
    // Nothing right after a match is no match.
    if (match.start === match.end && match.start === last) continue;
    last = match.end;
    out.push(match);
    if (out.length === count) break;
  }
  return out;
}

const test = (context: BuiltinContext, pattern: string, value: string): boolean =>
  find(context, pattern, value, 1).length > 0;

function isValid(context: BuiltinContext, pattern: Value): boolean {
  try {
    context.regex(text(pattern));
    return true;
  } catch (error) {
    if (error instanceof BuiltinFailure) return false;
    throw error;
  }
}

function split(context: BuiltinContext, pattern: string, value: string): string[] {
  const out: string[] = [];
  let from = 0;
  let last = -1;
  for (const { start, end } of find(context, pattern, value)) {
    if (end > 0) out.push(value.slice(from, start));
    from = end;
    last = start;
  }
  if (last !== value.length) out.push(value.slice(from));
  return out;
}

/** `$1`, `${1}` and `${name}` in `by` stand for groups. */
function replace(context: BuiltinContext, value: string, pattern: string, by: string): string {
  const { groups: names } = context.regex(pattern);
  let out = '';
  let from = 0;
  for (const { start, end, groups } of find(context, pattern, value)) {
    const filled = by.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => {
      const name = braced ?? plain;
      if (name === undefined) return '$';
      return groups[/^\d{1,3}$/.test(name) ? Number(name) : names.indexOf(name)] ?? '';
    });
    out += value.slice(from, start) + filled;
    from = end;
    context.budget.spendText(out.length);
  }
  return out + value.slice(from);
}

/** `null`: none, so that `*` crosses everything; an empty array: the dot. */
function delimitersOf(value: Value): string {
  if (value === null) return '';
  const given = texts(value);
  return given.length === 0 ? '.' : given.join('');
}

/** `*` and `?` stay between delimiters, `**` does not; `[a-z]`, `[!a]`, `{a,b}`; `\` takes the meaning away. */
function globSource(glob: string, delimiters: string): string {
  const one = delimiters === '' ? '.' : `[^${[...delimiters].map(quote).join('')}]`;
  let out = '';
  let depth = 0;
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i]!;
    if (c === '*') {
      const any = glob[i + 1] === '*';
      while (glob[i + 1] === '*') i++;
      out += any ? '.*' : `${one}*`;
    } else if (c === '?') out += one;
    else if (c === '[') {
      const end = glob.indexOf(']', i + 2);
      if (end < 0) throw new BuiltinFailure('the glob has a [ without an end');
      const inner = glob.slice(i + 1, end);
      const negated = inner.startsWith('!');
      out += `[${negated ? '^' : ''}${inner.slice(negated ? 1 : 0).replace(/[\\^[\]]/g, '\\$&')}]`;
      i = end;
    } else if (c === '{') {
      out += '(?:';
      depth++;
    } else if (c === '}' && depth > 0) {
      out += ')';
      depth--;
    } else if (c === ',' && depth > 0) out += '|';
    else out += quote(c === '\\' && i + 1 < glob.length ? glob[++i]! : c);
  }
  if (depth > 0) throw new BuiltinFailure('the glob has a { without an end');
  return `(?s)^${out}$`;
}

const quote = (c: string): string => c.replace(/[\\^$.*+?()[\]{}|\-/]/g, '\\$&');
