/**
 * The values of Rego: JSON's, sets, and objects whose keys are any value.
 * Whole numbers beyond 2^53 are `bigint`, all others `number`, so that equal values have one form.
 * Order   null, booleans, numbers, strings (by code point), arrays, objects, sets.
 * Source  https://www.openpolicyagent.org/docs/policy-language#composite-values
 */
export type Value = null | boolean | number | bigint | string | readonly Value[] | RegoObject | RegoSet;

/** Values by their canonical text, in the order of values. */
export class RegoSet {
  readonly #byKey: ReadonlyMap<string, Value>;
  #sorted: readonly Value[] | undefined;
  #key: string | undefined;

  constructor(items: Iterable<Value>) {
    const byKey = new Map<string, Value>();
    for (const item of items) byKey.set(keyOf(item), item);
    this.#byKey = byKey;
  }

  get size(): number {
    return this.#byKey.size;
  }

  has(value: Value): boolean {
    return this.#byKey.has(keyOf(value));
  }

  get items(): readonly Value[] {
    return (this.#sorted ??= [...this.#byKey.values()].sort(compareValues));
  }

  get key(): string {
    return (this.#key ??= `<${this.items.map(keyOf).join(',')}>`);
  }
}

export class RegoObject {
  readonly #byKey: ReadonlyMap<string, readonly [Value, Value]>;
  #sorted: readonly (readonly [Value, Value])[] | undefined;
  #key: string | undefined;

  /** Of equal keys the last one counts. */
  constructor(entries: Iterable<readonly [Value, Value]>) {
    const byKey = new Map<string, readonly [Value, Value]>();
    for (const entry of entries) byKey.set(keyOf(entry[0]), entry);
    this.#byKey = byKey;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get(key: Value): Value | undefined {
    return this.#byKey.get(keyOf(key))?.[1];
  }

  get entries(): readonly (readonly [Value, Value])[] {
    return (this.#sorted ??= [...this.#byKey.values()].sort(([a], [b]) => compareValues(a, b)));
  }

  get key(): string {
    return (this.#key ??= `{${this.entries.map(([k, v]) => `${keyOf(k)}:${keyOf(v)}`).join(',')}}`);
  }
}

export type TypeName = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'set';

export function typeOf(value: Value): TypeName {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return 'number';
  if (typeof value !== 'object') return typeof value as 'boolean' | 'number' | 'string';
  if (value instanceof RegoSet) return 'set';
  return value instanceof RegoObject ? 'object' : 'array';
}

/** A text that equal values share and others do not. */
export function keyOf(value: Value): string {
  if (typeof value === 'string') return `"${value.length}:${value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof RegoSet || value instanceof RegoObject) return value.key;
  return `[${value.map(keyOf).join(',')}]`;
}

const weights = new WeakMap<object, number>();

/** How much it takes to look at all of it: 1 for each value, and for each 16 characters. */
export function weightOf(value: Value): number {
  if (typeof value === 'string') return 1 + (value.length >> 4);
  if (typeof value !== 'object' || value === null) return 1;
  let weight = weights.get(value);
  if (weight !== undefined) return weight;
  weight = 1;
  if (value instanceof RegoSet) for (const item of value.items) weight += weightOf(item);
  else if (value instanceof RegoObject) for (const [key, one] of value.entries) weight += weightOf(key) + weightOf(one);
  else for (const item of value) weight += weightOf(item);
  weights.set(value, weight);
  return weight;
}

export function equalValues(a: Value, b: Value): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  return a === b || keyOf(a) === keyOf(b);
}

const ranks: Readonly<Record<TypeName, number>> = {
  null: 0,
  boolean: 1,
  number: 2,
  string: 3,
  array: 4,
  object: 5,
  set: 6,
};

export function compareValues(a: Value, b: Value): number {
  const rank = ranks[typeOf(a)] - ranks[typeOf(b)];
  if (rank !== 0) return rank;
  if (typeof a === 'string') return compareTexts(a, b as string);
  if (typeof a !== 'object' || a === null) return a === b ? 0 : a! < b! ? -1 : 1;
  if (a instanceof RegoSet) return compareLists(a.items, (b as RegoSet).items);
  if (a instanceof RegoObject) {
    const [x, y] = [a.entries, (b as RegoObject).entries];
    return (
      compareLists(
        x.map(([k]) => k),
        y.map(([k]) => k),
      ) ||
      compareLists(
        x.map(([, v]) => v),
        y.map(([, v]) => v),
      )
    );
  }
  return compareLists(a, b as readonly Value[]);
}

function compareLists(a: readonly Value[], b: readonly Value[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareValues(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareTexts(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a.charCodeAt(i) === b.charCodeAt(i)) continue;
    // Code units order as code points but for surrogates, which stand for greater ones.
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)].map((c) => (c >= 0xd800 && c < 0xe000 ? c + 0x10000 : c));
    return x! - y!;
  }
  return a.length - b.length;
}

/** A number in its one form; `undefined` for what is none. */
export function toNumber(value: number | bigint): number | bigint | undefined {
  if (typeof value === 'bigint') {
    const near = Number(value);
    return Number.isSafeInteger(near) ? near : value;
  }
  if (!Number.isFinite(value)) return undefined;
  if (Object.is(value, -0)) return 0;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** JSON as values; fields that are `undefined` are left out. */
export function fromJson(json: unknown): Value {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'number') return toNumber(json) ?? null;
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== 'object') return null;
  const entries: [Value, Value][] = [];
  for (const [key, value] of Object.entries(json)) if (value !== undefined) entries.push([key, fromJson(value)]);
  return new RegoObject(entries);
}

/** How a value is written: JSON with sets as `{1, 2}`; compact JSON in which sets are arrays for `json.marshal`. */
export function textOf(value: Value, style: 'rego' | 'json' = 'rego'): string {
  const write = (one: Value): string => textOf(one, style);
  const comma = style === 'rego' ? ', ' : ',';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof RegoObject) {
    const colon = style === 'rego' ? ': ' : ':';
    const name = (key: Value): string =>
      style === 'rego' || typeof key === 'string' ? write(key) : JSON.stringify(write(key));
    return `{${value.entries.map(([k, v]) => `${name(k)}${colon}${write(v)}`).join(comma)}}`;
  }
  if (!(value instanceof RegoSet)) return `[${value.map(write).join(comma)}]`;
  const items = value.items.map(write).join(comma);
  if (style === 'json') return `[${items}]`;
  return items === '' ? 'set()' : `{${items}}`;
}
