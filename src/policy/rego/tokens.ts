/**
 * The words of a Rego text.
 * Limits  1 MiB of text, 100,000 words.
 * Errors  `FormatError` with line and column.
 * Source  https://www.openpolicyagent.org/docs/policy-reference#grammar
 */
import { limits } from '#base';
import { mistake, type Place } from './syntax.js';
import { toNumber, type Value } from './value.js';

export interface Token extends Place {
  readonly kind: 'name' | 'value' | 'sign' | 'end';
  readonly text: string;
  /** Of numbers and strings. */
  readonly value?: Value;
  /** What stands before it: nothing, blanks, or a line break. */
  readonly before: '' | ' ' | '\n';
}

const MAX_TOKENS = 100_000;
const blank = /(?:[ \t\r\n]|#[^\n]*)*/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const text = /"(?:[^"\\\n]|\\[^\n])*"/y;
const raw = /`[^`]*`/y;
const sign = /:=|==|!=|<=|>=|[-+*/%&|<>=()[\]{},;:.]/y;

export function tokensOf(source: string): readonly Token[] {
  const out: Token[] = [];
  const at = placesIn(source);
  let offset = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset;
    const found = pattern.exec(source)?.[0];
    offset += found?.length ?? 0;
    return found;
  };
  if (source.length > limits.tarMeta) throw mistake({ line: 1, column: 1 }, 'the policy is too long');
  for (;;) {
    const space = take(blank)!;
    const before = space.includes('\n') ? '\n' : space === '' ? '' : ' ';
    const place = at(offset);
    if (offset >= source.length) return [...out, { kind: 'end', text: 'the end', before: '\n', ...place }];
    if (out.length >= MAX_TOKENS) throw mistake(place, `more than ${MAX_TOKENS} words`);
    const add = (kind: Token['kind'], word: string, value?: Value): void => {
      out.push({ kind, text: word, before, ...place, ...(value !== undefined && { value }) });
    };
    let word: string | undefined;
    if ((word = take(name)) !== undefined) add('name', word);
    else if ((word = take(number)) !== undefined) add('value', word, numberOf(word, place));
    else if ((word = take(text)) !== undefined) add('value', word, unquote(word, place));
    else if ((word = take(raw)) !== undefined) add('value', word, word.slice(1, -1));
    else if ((word = take(sign)) !== undefined) add('sign', word);
    else throw mistake(place, strange(source[offset]!));
  }
}

/** Places of offsets that are asked for in order. */
function placesIn(source: string): (offset: number) => Place {
  let line = 1;
  let start = 0;
  return (offset) => {
    for (let next = source.indexOf('\n', start); next >= 0 && next < offset; next = source.indexOf('\n', start)) {
      line++;
      start = next + 1;
    }
    return { line, column: offset - start + 1 };
  };
}

function numberOf(word: string, place: Place): Value {
  const value = toNumber(/^\d{16,400}$/.test(word) ? BigInt(word) : Number(word));
  if (value === undefined) throw mistake(place, 'the number is too large');
  return value;
}

function unquote(word: string, place: Place): string {
  try {
    return JSON.parse(word.replaceAll('\t', '\\t')) as string;
  } catch {
    throw mistake(place, 'the string has an escape that is unknown');
  }
}

function strange(c: string): string {
  if (c === '"') return 'the string has no end on its line';
  if (c === '`') return 'the raw string has no end';
  return `${JSON.stringify(c)} has no meaning here`;
}
