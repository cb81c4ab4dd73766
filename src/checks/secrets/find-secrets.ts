/**
 * Finds secrets in the bytes of one file: keywords in one pass, then only the rules they announce, at their places.
 * Files are read in pieces; what is found does not depend on where pieces end. Expressions of users see pieces of 4 MiB
 * that overlap by 64 KiB.
 * Limits  10,000 secrets a file.
 */
import type { ByteSource } from './byte-source.js';
import { entropyOf } from './entropy.js';
import type { Match } from './rule.js';
import type { RuleSet, ShapeInUse } from './rule-set.js';
import type { LinearRegex } from '#base';
import type { UserAllowRule, UserRule } from './secret-config.js';
import { createTextWindow, type TextWindow } from './text-window.js';

export interface FoundSecret {
  readonly rule: FoundRule;
  readonly start: number;
  readonly end: number;
}

export type FoundRule = Pick<UserRule, 'id' | 'category' | 'title' | 'severity'>;

export interface Findings {
  /** By rule, then by place. */
  readonly secrets: readonly FoundSecret[];
  /** There were more than are listed. */
  readonly more: boolean;
}

export const maxSecrets = 10_000;
export const defaultPiece = 4 * 1024 * 1024;
const overlap = 64 * 1024;

/** `path` is what path expressions of rules are tried on. */
export function findSecrets(source: ByteSource, path: string, rules: RuleSet, piece?: number): Findings {
  const steps = searchSecrets(source, path, rules, piece);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps, so that others can have a turn while a large file is searched. */
export function* searchSecrets(
  source: ByteSource,
  path: string,
  rules: RuleSet,
  piece = defaultPiece,
): Generator<undefined, Findings> {
  const search = new Search(source, path, rules, piece);
  const { longest } = rules.index;
  for (let at = 0; at < source.size && !search.full; at += piece) {
    const bytes = source.read(at, piece + longest);
    rules.index.scan(bytes, Math.min(piece, bytes.length), (keyword, place) => search.announce(keyword, at + place));
    if (bytes.length >= piece) yield undefined;
  }
  return yield* search.finish(Math.max(piece, 2 * overlap));
}

class Search {
  readonly #source: ByteSource;
  readonly #rules: RuleSet;
  readonly #path: string;
  readonly #text: TextWindow;
  /** End of the last match, by shape. */
  readonly #ends: Float64Array;
  readonly #announced = new Set<UserRule>();
  readonly #onPath = new Map<object, boolean>();
  #found: (FoundSecret & { readonly match: Match })[] = [];
  full = false;

  constructor(source: ByteSource, path: string, rules: RuleSet, piece: number) {
    this.#source = source;
    this.#path = path;
    this.#rules = rules;
    this.#text = createTextWindow(source, 2 * piece, piece >> 4);
    this.#ends = new Float64Array(rules.shapes.length);
  }

  /** A keyword lies at the place: the rules it announces are tried there. */
  announce(keyword: number, at: number): void {
    const { shapes, userRules } = this.#rules.announced[keyword]!;
    for (const shape of shapes) this.#try(shape, at);
    for (const rule of userRules) this.#announced.add(rule);
  }

  *finish(piece: number): Generator<undefined, Findings> {
    for (const rule of this.#rules.userRules) {
      if (rule.keywords.length === 0 || this.#announced.has(rule)) yield* this.#tryUserRule(rule, piece);
    }
    const secrets = this.#withoutExcluded(piece)
      .map(({ rule, start, end }) => ({ rule, start, end }))
      .sort((a, b) => (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : a.start - b.start || a.end - b.end));
    return { secrets: secrets.filter((secret, i) => !same(secret, secrets[i - 1])), more: this.full };
  }

  #try({ rule, shape, index }: ShapeInUse, at: number): void {
    if (at < this.#ends[index]! || this.full) return;
    if (rule.path && !this.#isOn(rule, rule.path)) return;
    const { text, from } = this.#text.covering(at - shape.before, at + shape.after);
    const found = shape.find(text, at - from);
    if (!found) return;
    const match = moved(found, from);
    if (match.start < this.#ends[index]!) return;
    this.#ends[index] = match.end;
    const whole = text.slice(found.start, found.end);
    if (this.#rules.allowedMatches.some((allowed) => allowed.test(whole))) return;
    const secret = text.slice(found.secretStart, found.secretEnd);
    if (rule.minEntropy !== undefined && entropyOf(secret) < rule.minEntropy) return;
    this.#add(rule, match);
  }

  *#tryUserRule(rule: UserRule, piece: number): Generator<undefined, void> {
    if (rule.path && !this.#isOn(rule, rule.path)) return;
    if (rule.allowRules.some((allow) => allow.path?.test(this.#path))) return;
    for (const match of matchesIn(this.#source, rule.regex, piece)) {
      if (this.full) return;
      if (!match) {
        yield undefined;
        continue;
      }
      const [secretStart, secretEnd] = match.group ?? [match.start, match.end];
      if (secretEnd === secretStart) continue;
      const found = { start: match.start, end: match.end, secretStart, secretEnd };
      const { bytes, allowedMatches } = { bytes: match.bytes, allowedMatches: this.#rules.allowedMatches };
      if (rule.allowRules.some((allow) => allow.match?.test(bytes))) continue;
      if (allowedMatches.length > 0) {
        const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
        if (allowedMatches.some((allowed) => allowed.test(text))) continue;
      }
      this.#add(rule, found);
    }
  }

  #add(rule: FoundRule, match: Match): void {
    if (this.#isAllowed(match)) return;
    this.#found.push({ rule, start: match.secretStart, end: match.secretEnd, match });
    this.full = this.#found.length >= maxSecrets;
  }

  /** By the user's expressions, which see the whole match. */
  #isAllowed({ start, end }: Match): boolean {
    const allows: readonly UserAllowRule[] = this.#rules.userAllowedMatches;
    return allows.some((allow) => allow.match!.test(this.#source.read(start, end - start)));
  }

  #withoutExcluded(piece: number): readonly FoundSecret[] {
    const known = new Map<LinearRegex, readonly Range[]>();
    const blocks = (regex: LinearRegex): readonly Range[] => {
      const ranges =
        known.get(regex) ?? [...matchesIn(this.#source, regex, piece)].filter((match) => match !== undefined);
      known.set(regex, ranges);
      return ranges;
    };
    return this.#found.filter(({ rule, start, end }) => {
      const own = (rule as Partial<UserRule>).excludeBlocks ?? [];
      return ![...this.#rules.excludeBlocks, ...own].some((regex) => holds(blocks(regex), start, end));
    });
  }

  #isOn(rule: object, path: { test(path: string): boolean }): boolean {
    const known = this.#onPath.get(rule);
    if (known !== undefined) return known;
    const on = path.test(this.#path);
    this.#onPath.set(rule, on);
    return on;
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

interface BytesMatch extends Range {
  readonly group?: readonly [number, number];
  readonly bytes: Uint8Array;
}

/** Matches of a user's expression in the whole file; nothing between pieces. */
function* matchesIn(source: ByteSource, regex: LinearRegex, piece: number): Generator<BytesMatch | undefined> {
  let next = 0;
  for (let at = 0; at < source.size; at += piece) {
    // One byte before the piece, so that its start is not taken for the start of the text.
    const from = Math.max(0, at - 1);
    const bytes = source.read(from, at - from + piece + overlap);
    if (at > 0) yield undefined;
    if (!regex.test(bytes)) continue;
    for (const { start, end, group } of regex.matches(bytes, Math.max(at, next) - from)) {
      if (from + start >= at + piece) break;
      next = Math.max(from + end, from + start + 1);
      yield {
        start: from + start,
        end: from + end,
        bytes: bytes.subarray(start, end),
        ...(group && { group: [from + group[0], from + group[1]] as const }),
      };
    }
  }
}

/** One of the ranges, which are in order and apart, has all of it. */
function holds(ranges: readonly Range[], start: number, end: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.start <= start) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low - 1];
  return range !== undefined && end <= range.end;
}

const moved = (match: Match, by: number): Match => ({
  start: match.start + by,
  end: match.end + by,
  secretStart: match.secretStart + by,
  secretEnd: match.secretEnd + by,
});

const same = (a: FoundSecret, b: FoundSecret | undefined): boolean =>
  b !== undefined && a.rule.id === b.rule.id && a.start === b.start && a.end === b.end;
