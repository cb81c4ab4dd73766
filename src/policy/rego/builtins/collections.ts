/** Aggregates, arrays, sets and objects; membership. */
import { compareValues, equalValues, RegoObject, RegoSet, type Value } from '../value.js';
import { add, multiply } from './arithmetic.js';
import { array, builtin, BuiltinFailure, type Builtins, members, object, set, whole } from './builtin.js';

export const collections: Builtins = {
  count: builtin(1, (_, value) => count(value)),
  sum: builtin(1, (context, value) => members(value).reduce((a, b) => add(context, a, b), 0)),
  product: builtin(1, (context, value) => members(value).reduce((a, b) => multiply(context, a, b), 1)),
  // Without members there is no greatest.
  max: builtin(1, (_, value) => best(members(value), 1)),
  min: builtin(1, (_, value) => best(members(value), -1)),
  sort: builtin(1, (_, value) => members(value).toSorted(compareValues)),
  all: builtin(1, (_, value) => members(value).every((item) => item === true)),
  any: builtin(1, (_, value) => members(value).includes(true)),
  'internal.member': builtin(2, (_, value, domain) => has(domain, value)),
  'internal.entry': builtin(3, (_, key, value, domain) => {
    const found = elementAt(domain, key);
    return found !== undefined && equalValues(found, value);
  }),
  'array.concat': builtin(2, (_, a, b) => [...array(a), ...array(b)]),
  'array.slice': builtin(3, (_, list, from, to) => array(list).slice(Math.max(0, whole(from)), Math.max(0, whole(to)))),
  'array.reverse': builtin(1, (_, list) => array(list).toReversed()),
  intersection: builtin(1, (_, sets) => intersection(set(sets).items.map(set))),
  union: builtin(1, (_, sets) => new RegoSet(set(sets).items.flatMap((one) => set(one).items))),
  'object.get': builtin(3, (_, value, key, absent) => get(object(value), key) ?? absent),
  'object.keys': builtin(1, (_, value) => new RegoSet(object(value).entries.map(([key]) => key))),
  'object.remove': builtin(2, (_, value, keys) => pick(object(value), keys, false)),
  'object.filter': builtin(2, (_, value, keys) => pick(object(value), keys, true)),
  'object.union': builtin(2, (_, a, b) => merge(object(a), object(b))),
  'object.union_n': builtin(1, (_, list) =>
    array(list)
      .map(object)
      .reduce((a, b) => merge(a, b), new RegoObject([])),
  ),
};

function count(value: Value): Value {
  if (typeof value === 'string') return [...value].length;
  if (value instanceof RegoObject) return value.size;
  return value instanceof RegoSet ? value.size : members(value).length;
}

function best(items: readonly Value[], sign: 1 | -1): Value | undefined {
  let found: Value | undefined;
  for (const item of items) if (found === undefined || sign * compareValues(item, found) > 0) found = item;
  return found;
}

function has(domain: Value, value: Value): boolean {
  if (domain instanceof RegoSet) return domain.has(value);
  if (domain instanceof RegoObject) return domain.entries.some(([, one]) => equalValues(one, value));
  return Array.isArray(domain) && domain.some((one: Value) => equalValues(one, value));
}

function elementAt(domain: Value, key: Value): Value | undefined {
  if (domain instanceof RegoObject) return domain.get(key);
  if (domain instanceof RegoSet) return domain.has(key) ? key : undefined;
  return Array.isArray(domain) && typeof key === 'number' ? (domain as readonly Value[])[key] : undefined;
}

function intersection(sets: readonly RegoSet[]): RegoSet {
  const [first, ...others] = sets;
  return new RegoSet(first?.items.filter((item) => others.every((other) => other.has(item))) ?? []);
}

/** By a key, or by an array of keys that leads down; what is missing on the way is no failure. */
function get(value: RegoObject, key: Value): Value | undefined {
  if (!Array.isArray(key)) return value.get(key);
  let found: Value | undefined = value;
  for (const part of key as readonly Value[]) {
    if (found === undefined) return undefined;
    found = elementAt(found, part);
  }
  return found;
}

function pick(value: RegoObject, keys: Value, wanted: boolean): RegoObject {
  const named = new RegoSet(keys instanceof RegoObject ? keys.entries.map(([key]) => key) : members(keys));
  return new RegoObject(value.entries.filter(([key]) => named.has(key) === wanted));
}

/** The second one's values count; objects in both are merged. */
function merge(a: RegoObject, b: RegoObject, depth = 0): RegoObject {
  if (depth > 100) throw new BuiltinFailure('the objects are nested too deeply');
  const merged = b.entries.map(([key, value]) => {
    const other = a.get(key);
    const both = other instanceof RegoObject && value instanceof RegoObject;
    return [key, both ? merge(other, value, depth + 1) : value] as const;
  });
  return new RegoObject([...a.entries, ...merged]);
}
