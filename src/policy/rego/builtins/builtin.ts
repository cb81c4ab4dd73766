/** What built-in functions are made of. They have no value, which is told, for operands that they are not for. */
import type { Budget } from '../budget.js';
import { RegoObject, RegoSet, type TypeName, typeOf, type Value } from '../value.js';

export interface BuiltinContext {
  readonly budget: Budget;
  /** Nanoseconds since 1970, the same for all findings. */
  readonly now: bigint;
  /** Expressions in RE2 syntax, matched in linear time; throws `BuiltinFailure`. */
  regex(source: string): Regex;
  print(text: string): void;
}

export interface Regex {
  /** Matches in order, the groups of each, `undefined` for those that took no part. */
  matches(text: string): Iterable<RegexMatch>;
  readonly groups: readonly string[];
}

export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

export interface Builtin {
  readonly arity: number;
  /** `undefined`: no value, as is normal; failures are thrown. */
  run(args: readonly Value[], context: BuiltinContext): Value | undefined;
}

export type Builtins = Readonly<Record<string, Builtin>>;

/** Why a function has no value for its operands. */
export class BuiltinFailure extends Error {}

/** A function of as many operands as `run` names, after the context. */
export const builtin = (
  arity: number,
  run: (context: BuiltinContext, ...args: Value[]) => Value | undefined,
): Builtin => ({
  arity,
  run: (args, context) => run(context, ...args),
});

const wrong = (value: Value, wanted: string): BuiltinFailure =>
  new BuiltinFailure(`${wanted} is expected, not ${typeOf(value)}`);

export function text(value: Value): string {
  if (typeof value !== 'string') throw wrong(value, 'a string');
  return value;
}

export function number(value: Value): number | bigint {
  if (typeof value !== 'number' && typeof value !== 'bigint') throw wrong(value, 'a number');
  return value;
}

/** A whole number small enough to count with. */
export function whole(value: Value): number {
  if (typeof value !== 'number') throw wrong(value, 'a whole number');
  if (!Number.isInteger(value)) throw new BuiltinFailure(`a whole number is expected, not ${value}`);
  return value;
}

export function array(value: Value): readonly Value[] {
  if (!Array.isArray(value)) throw wrong(value, 'an array');
  return value as readonly Value[];
}

export function set(value: Value): RegoSet {
  if (!(value instanceof RegoSet)) throw wrong(value, 'a set');
  return value;
}

export function object(value: Value): RegoObject {
  if (!(value instanceof RegoObject)) throw wrong(value, 'an object');
  return value;
}

/** The members of an array or a set. */
export function members(value: Value): readonly Value[] {
  if (value instanceof RegoSet) return value.items;
  if (!Array.isArray(value)) throw wrong(value, 'an array or a set');
  return value as readonly Value[];
}

export function texts(value: Value): readonly string[] {
  return members(value).map(text);
}

export const isType = (name: TypeName): Builtin => builtin(1, (_, value) => typeOf(value) === name);
