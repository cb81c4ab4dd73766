/** A function of templates, and how it takes its arguments; what it throws, the template's line is added to. */
import { GoTime } from './go-time.js';
import { isList, isMap, kindOf, printed, type Value } from './values.js';

export interface TemplateFunction {
  readonly least: number;
  readonly most: number;
  readonly call: (args: readonly Value[]) => Value;
}

export type FunctionTable = Readonly<Record<string, TemplateFunction>>;

export const fixed = (count: number, call: TemplateFunction['call']): TemplateFunction => ({
  least: count,
  most: count,
  call,
});
export const variadic = (least: number, call: TemplateFunction['call'], most = Infinity): TemplateFunction => ({
  least,
  most,
  call,
});

/** Of text alone. */
export const onText = (change: (text: string) => Value): TemplateFunction => fixed(1, ([a]) => change(text(a)));

/** No single value of a template is longer. */
export const maxText = 16 * 1024 * 1024;
export const maxList = 1_000_000;

export const text = (value: Value): string => (value === undefined ? '' : printed(value));

export function number(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : 0;
}

export const integer = (value: Value): number => Math.trunc(number(value));

export function list(value: Value): readonly Value[] {
  if (isList(value)) return value;
  if (value === undefined || value === '') return [];
  throw new Error(`a list is expected, not ${kindOf(value)}`);
}

export function map(value: Value): ReadonlyMap<string, Value> {
  if (isMap(value)) return value;
  throw new Error(`a map is expected, not ${kindOf(value)}`);
}

/** For the second argument of date functions: a time, or seconds since 1970. */
export function time(value: Value): GoTime {
  if (value instanceof GoTime) return value;
  if (typeof value === 'number') return new GoTime(value * 1000);
  throw new Error(`a time is expected, not ${kindOf(value)}`);
}

export function bounded(length: number): void {
  if (length > maxText) throw new Error(`the result is longer than ${maxText} characters`);
}
