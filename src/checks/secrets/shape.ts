/**
 * Forms of secrets, from which patterns are made. All of them are tried at the place of their trigger only and repeat
 * boundedly, which keeps the search linear in the size of the file.
 */
import type { Match, Shape } from './rule.js';

/** What may not stand before a token, so that it is no part of a longer word. */
const boundaries = {
  /** A letter, a digit or an underscore. */
  word: '(?<![0-9A-Za-z_])',
  /** A letter or a digit. */
  alphanumeric: '(?<![0-9A-Za-z])',
  none: '',
} as const;

export interface TokenOptions {
  readonly after?: keyof typeof boundaries;
  /** A pattern for what may not follow. */
  readonly notBefore?: string;
  readonly ignoreCase?: boolean;
}

/** A token that is known by how it starts: `ghp_…`. `length` is the longest it can be, when that is more than usual. */
export function token(
  prefixes: string | readonly string[],
  rest: string,
  options: TokenOptions = {},
  length?: number,
): Shape {
  const starts = [prefixes].flat();
  const end = options.notBefore === undefined ? '' : `(?!${options.notBefore})`;
  return pattern({
    triggers: starts.map((start) => start.toLowerCase()),
    source: `${boundaries[options.after ?? 'none']}(?:${starts.map(literal).join('|')})${rest}${end}`,
    ...(options.ignoreCase && { ignoreCase: true }),
    ...(length !== undefined && { after: length }),
  });
}

/** A token that only counts in quotes, which belong to it. */
export function quotedToken(prefixes: string | readonly string[], rest: string, ignoreCase = true): Shape {
  const starts = [prefixes].flat();
  return pattern({
    triggers: starts.map((start) => start.toLowerCase()),
    source: `(?<=(?<lead>['"]))(?:${starts.map(literal).join('|')})${rest}['"]`,
    ignoreCase,
  });
}

/**
 * A quoted value assigned to a name that begins with the provider's: `adobe_id = "…"`. Case does not count.
 * `whole`: all of it is the secret, not only the value.
 */
export function assigned(names: string | readonly string[], value: string, whole = false): Shape {
  const words = [names].flat();
  const quoted = whole ? `['"]${value}['"]` : `['"](?<secret>${value})['"]`;
  return pattern({ triggers: words, source: `(?:${words.join('|')})${assignment}${quoted}`, ignoreCase: true });
}

/** A value assigned to a name that begins with one of the words, quoted or not, as in environment files. */
export function named(words: readonly string[], value: string): Shape {
  return pattern({
    triggers: words,
    source: `(?:${words.join('|')})${assignment}["']?(?<secret>${value})(?![0-9a-z_-])`,
    ignoreCase: true,
  });
}

/** The rest of a name, an operator of some language, and a little room before the value. */
export const assignment = String.raw`[a-z0-9_ .,-]{0,25}(?:<=|\|\|:|:=?|=>?|>)[^\n]{0,5}`;

export interface PatternOptions {
  readonly triggers: readonly string[];
  /** Matched from the trigger on. Group `secret` is the secret, else all is; group `lead` belongs to the match, before the trigger. */
  readonly source: string;
  readonly ignoreCase?: boolean;
  readonly before?: number;
  readonly after?: number;
}

export function pattern({ triggers, source, ignoreCase = false, before = 64, after = 640 }: PatternOptions): Shape {
  let regex: RegExp | undefined;
  return {
    triggers,
    before,
    after,
    find(text, at) {
      regex ??= new RegExp(source, ignoreCase ? 'diy' : 'dy');
      regex.lastIndex = at;
      const found = regex.exec(text);
      return found ? placesOf(found) : undefined;
    },
  };
}

function placesOf({ indices }: RegExpExecArray): Match {
  const [from, end] = indices![0]!;
  const start = indices!.groups?.['lead']?.[0] ?? from;
  const [secretStart, secretEnd] = indices!.groups?.['secret'] ?? [start, end];
  return { start, end, secretStart, secretEnd };
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
