/** Values of a template as Go knows them: what is true, what is equal, and how they print. */
import { GoTime } from './go-time.js';

export type Value =
  undefined | boolean | number | string | GoTime | readonly Value[] | ReadonlyMap<string, Value> | Struct;

/** Has the fields of its type, given or not. Keys of the report never reach a prototype. */
export class Struct {
  readonly fields: ReadonlyMap<string, Value>;
  constructor(fields: ReadonlyMap<string, Value>) {
    this.fields = fields;
  }
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isMap = (value: Value): value is ReadonlyMap<string, Value> => value instanceof Map;

export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  if (value instanceof Struct) return value.fields.size > 0;
  return Boolean(value);
}

export function lengthOf(value: Value): number | undefined {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (isList(value)) return value.length;
  return isMap(value) ? value.size : undefined;
}

export function kindOf(value: Value): string {
  if (isList(value)) return 'slice';
  if (isMap(value)) return 'map';
  if (value === undefined) return 'invalid';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'struct';
}

/** Scalars by value; lists and maps are compared by their contents. */
export function isEqual(a: Value, b: Value): boolean {
  if (a instanceof GoTime && b instanceof GoTime) return a.milliseconds === b.milliseconds;
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return kindOf(a) === kindOf(b) && printed(a) === printed(b);
}

export function printed(value: Value, nested = false): string {
  if (value === undefined) return nested ? '<nil>' : '<no value>';
  if (typeof value === 'number') return printedNumber(value);
  if (isList(value)) return `[${value.map((one) => printed(one, true)).join(' ')}]`;
  if (isMap(value))
    return `map[${sortedEntries(value)
      .map(([k, v]) => `${k}:${printed(v, true)}`)
      .join(' ')}]`;
  if (value instanceof Struct) return `{${[...value.fields.values()].map((v) => printed(v, true)).join(' ')}}`;
  return String(value);
}

/** Of `%v`: exponents below -4 and from 21 on. */
export function printedNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e21)) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return String(value);
}

export const sortedEntries = (map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** For functions that write JSON. */
export function toPlain(value: Value): unknown {
  if (isList(value)) return value.map(toPlain);
  if (isMap(value)) return Object.fromEntries(sortedEntries(value).map(([k, v]) => [k, toPlain(v)]));
  if (value instanceof Struct) return Object.fromEntries([...value.fields].map(([k, v]) => [k, toPlain(v)]));
  return value instanceof GoTime ? value.iso() : (value ?? null);
}
