/** Functions on lists, maps, numbers and times, by the names of Sprig. Source  https://masterminds.github.io/sprig/ */
import { GoTime } from './go-time.js';
import {
  fixed,
  type FunctionTable,
  integer,
  list,
  map,
  maxList,
  number,
  text,
  time,
  variadic,
} from './template-function.js';
import { isEqual, isTrue, kindOf, type Value } from './values.js';

/** Made by `dict`: what the report holds stays as it is. */
const ownMaps = new WeakSet<object>();

export const listFunctions: FunctionTable = {
  list: variadic(0, (args) => args),
  tuple: variadic(0, (args) => args),
  first: fixed(1, ([values]) => list(values)[0]),
  last: fixed(1, ([values]) => list(values).at(-1)),
  rest: fixed(1, ([values]) => list(values).slice(1)),
  initial: fixed(1, ([values]) => list(values).slice(0, -1)),
  append: fixed(2, ([values, one]) => [...list(values), one]),
  push: fixed(2, ([values, one]) => [...list(values), one]),
  prepend: fixed(2, ([values, one]) => [one, ...list(values)]),
  concat: variadic(0, (args) => args.flatMap(list)),
  reverse: fixed(1, ([values]) => list(values).toReversed()),
  uniq: fixed(1, ([values]) => distinct(list(values))),
  without: variadic(1, ([values, ...others]) => list(values).filter((one) => !others.some((o) => isEqual(o, one)))),
  has: fixed(2, ([one, values]) => list(values).some((other) => isEqual(other, one))),
  compact: fixed(1, ([values]) => list(values).filter(isTrue)),
  sortAlpha: fixed(1, ([values]) => list(values).map(text).sort()),
  until: fixed(1, ([n]) => steps(0, integer(n), integer(n) < 0 ? -1 : 1)),
  untilStep: fixed(3, ([from, to, by]) => steps(integer(from), integer(to), integer(by))),
  dict: variadic(0, (args) => {
    const made = new Map<string, Value>();
    for (let i = 0; i < args.length; i += 2) made.set(text(args[i]), args[i + 1] ?? '');
    ownMaps.add(made);
    return made;
  }),
  set: fixed(3, ([target, key, value]) => {
    const own = map(target);
    if (!ownMaps.has(own)) throw new Error('only maps made by dict can be changed');
    return (own as Map<string, Value>).set(text(key), value);
  }),
  unset: fixed(2, ([target, key]) => new Map([...map(target)].filter(([name]) => name !== text(key)))),
  get: fixed(2, ([target, key]) => map(target).get(text(key)) ?? ''),
  hasKey: fixed(2, ([target, key]) => map(target).has(text(key))),
  values: fixed(1, ([target]) => [...map(target).values()]),
  pick: variadic(1, ([target, ...keys]) => new Map([...map(target)].filter(([k]) => keys.includes(k)))),
  omit: variadic(1, ([target, ...keys]) => new Map([...map(target)].filter(([k]) => !keys.includes(k)))),
  pluck: variadic(1, ([key, ...maps]) => maps.flatMap((m) => (map(m).has(text(key)) ? [map(m).get(text(key))] : []))),
  default: variadic(1, ([otherwise, value]) => (isTrue(value) ? value : otherwise), 2),
  empty: fixed(1, ([value]) => !isTrue(value)),
  coalesce: variadic(0, (args) => args.find(isTrue)),
  ternary: fixed(3, ([yes, no, test]) => (isTrue(test) ? yes : no)),
  kindOf: fixed(1, ([value]) => kindOf(value)),
  typeOf: fixed(1, ([value]) => kindOf(value)),
  kindIs: fixed(2, ([kind, value]) => text(kind) === kindOf(value)),
  typeIs: fixed(2, ([kind, value]) => text(kind) === kindOf(value)),
  int: fixed(1, ([n]) => integer(n)),
  int64: fixed(1, ([n]) => integer(n)),
  atoi: fixed(1, ([n]) => integer(n)),
  float64: fixed(1, ([n]) => number(n)),
  add: variadic(0, (args) => args.reduce<number>((sum, n) => sum + integer(n), 0)),
  add1: fixed(1, ([n]) => integer(n) + 1),
  sub: fixed(2, ([a, b]) => integer(a) - integer(b)),
  mul: variadic(1, (args) => args.reduce<number>((product, n) => product * integer(n), 1)),
  div: fixed(2, ([a, b]) => Math.trunc(integer(a) / divisor(b))),
  mod: fixed(2, ([a, b]) => integer(a) % divisor(b)),
  addf: variadic(0, (args) => args.reduce<number>((sum, n) => sum + number(n), 0)),
  subf: fixed(2, ([a, b]) => number(a) - number(b)),
  mulf: variadic(1, (args) => args.reduce<number>((product, n) => product * number(n), 1)),
  divf: fixed(2, ([a, b]) => number(a) / number(b)),
  max: variadic(1, (args) => Math.max(...args.slice(0, 1000).map(integer))),
  min: variadic(1, (args) => Math.min(...args.slice(0, 1000).map(integer))),
  maxf: variadic(1, (args) => Math.max(...args.slice(0, 1000).map(number))),
  minf: variadic(1, (args) => Math.min(...args.slice(0, 1000).map(number))),
  ceil: fixed(1, ([n]) => Math.ceil(number(n))),
  floor: fixed(1, ([n]) => Math.floor(number(n))),
  round: variadic(2, ([n, digits]) => Number(number(n).toFixed(Math.min(Math.max(integer(digits), 0), 20))), 3),
  date: fixed(2, ([layout, when]) => time(when).format(text(layout))),
  dateInZone: fixed(3, ([layout, when, zone]) => {
    if (!/^(?:UTC|GMT|Z|)$/i.test(text(zone))) throw new Error(`the zone ${text(zone)} is not supported, UTC is`);
    return time(when).format(text(layout));
  }),
  htmlDate: fixed(1, ([when]) => time(when).format('2006-01-02')),
  unixEpoch: fixed(1, ([when]) => String(Math.floor(time(when).milliseconds / 1000))),
  toDate: fixed(2, ([, value]) => {
    const milliseconds = Date.parse(`${text(value)}${/T|Z/.test(text(value)) ? '' : 'T00:00:00Z'}`);
    return new GoTime(Number.isNaN(milliseconds) ? 0 : milliseconds);
  }),
};

function divisor(value: Value): number {
  const n = integer(value);
  if (n === 0) throw new Error('division by zero');
  return n;
}

function steps(from: number, to: number, by: number): readonly number[] {
  if (by === 0 || from === to || to > from !== by > 0) return [];
  const count = Math.ceil((to - from) / by);
  if (count > maxList) throw new Error(`a list of more than ${maxList} numbers`);
  return Array.from({ length: count }, (_, i) => from + i * by);
}

function distinct(values: readonly Value[]): readonly Value[] {
  const seen = new Set<Value>();
  const kept: Value[] = [];
  for (const value of values) {
    const scalar = typeof value !== 'object';
    if (scalar ? seen.has(value) : kept.length < 1000 && kept.some((other) => isEqual(other, value))) continue;
    seen.add(value);
    kept.push(value);
  }
  return kept;
}
