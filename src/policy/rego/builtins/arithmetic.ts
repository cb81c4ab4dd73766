/** Operators, which are functions, too; and numbers. Whole numbers are exact. */
import { compareValues, equalValues, RegoSet, toNumber, type Value } from '../value.js';
import { builtin, BuiltinFailure, type BuiltinContext, type Builtins, number, set, text, whole } from './builtin.js';

export const arithmetic: Builtins = {
  equal: builtin(2, (_, a, b) => equalValues(a, b)),
  neq: builtin(2, (_, a, b) => !equalValues(a, b)),
  lt: builtin(2, (_, a, b) => compareValues(a, b) < 0),
  lte: builtin(2, (_, a, b) => compareValues(a, b) <= 0),
  gt: builtin(2, (_, a, b) => compareValues(a, b) > 0),
  gte: builtin(2, (_, a, b) => compareValues(a, b) >= 0),
  plus: builtin(2, (context, a, b) => add(context, a, b)),
  minus: builtin(2, (context, a, b) => (a instanceof RegoSet ? difference(a, set(b)) : subtract(context, a, b))),
  mul: builtin(2, (context, a, b) => multiply(context, a, b)),
  div: builtin(2, (context, a, b) => divide(context, number(a), number(b))),
  rem: builtin(2, (_, a, b) => remainder(number(a), number(b))),
  or: builtin(2, (_, a, b) => new RegoSet([...set(a).items, ...set(b).items])),
  and: builtin(2, (_, a, b) => new RegoSet(set(a).items.filter((item) => set(b).has(item)))),
  abs: builtin(1, (_, a) => (number(a) < 0 ? toNumber(-number(a)) : a)),
  ceil: builtin(1, (_, a) => rounded(number(a), Math.ceil)),
  floor: builtin(1, (_, a) => rounded(number(a), Math.floor)),
  // Halves go away from zero.
  round: builtin(1, (_, a) => rounded(number(a), (x) => Math.sign(x) * Math.round(Math.abs(x)))),
  'numbers.range': builtin(2, (context, a, b) => range(context, a, b, 1)),
  'numbers.range_step': builtin(3, (context, a, b, step) => range(context, a, b, whole(step))),
  format_int: builtin(2, (_, a, base) => {
    if (![2, 8, 10, 16].includes(whole(base))) throw new BuiltinFailure('the base is 2, 8, 10 or 16');
    const value = number(a);
    return (typeof value === 'bigint' ? value : Math.trunc(value)).toString(whole(base));
  }),
  to_number: builtin(1, (_, value) => asNumber(value)),
};

export const add = (context: BuiltinContext, a: Value, b: Value): Value =>
  exact(
    context,
    number(a),
    number(b),
    (x, y) => x + y,
    (x, y) => x + y,
  );

const subtract = (context: BuiltinContext, a: Value, b: Value): Value =>
  exact(
    context,
    number(a),
    number(b),
    (x, y) => x - y,
    (x, y) => x - y,
  );

export const multiply = (context: BuiltinContext, a: Value, b: Value): Value =>
  exact(
    context,
    number(a),
    number(b),
    (x, y) => x * y,
    (x, y) => x * y,
  );

const difference = (a: RegoSet, b: RegoSet): Value => new RegoSet(a.items.filter((item) => !b.has(item)));

const isWhole = (value: number | bigint): boolean => typeof value === 'bigint' || Number.isInteger(value);

function exact(
  { budget }: BuiltinContext,
  a: number | bigint,
  b: number | bigint,
  near: (a: number, b: number) => number,
  big: (a: bigint, b: bigint) => bigint,
): Value {
  const quick = near(Number(a), Number(b));
  // As people count: 0.1 + 0.2 is 0.3.
  if (!isWhole(a) || !isWhole(b)) return known(toNumber(Number(quick.toPrecision(15))));
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(quick)) return known(toNumber(quick));
  const value = big(BigInt(a), BigInt(b));
  budget.spendNumber(value);
  return known(toNumber(value));
}

function divide({ budget }: BuiltinContext, a: number | bigint, b: number | bigint): Value {
  if (b === 0) throw new BuiltinFailure('division by zero');
  if (isWhole(a) && isWhole(b) && BigInt(a) % BigInt(b) === 0n) {
    budget.spendNumber(a);
    return known(toNumber(BigInt(a) / BigInt(b)));
  }
  return known(toNumber(Number(a) / Number(b)));
}

function remainder(a: number | bigint, b: number | bigint): Value {
  if (b === 0) throw new BuiltinFailure('division by zero');
  if (!isWhole(a) || !isWhole(b)) throw new BuiltinFailure('whole numbers are expected');
  return known(toNumber(BigInt(a) % BigInt(b)));
}

function known(value: number | bigint | undefined): Value {
  if (value === undefined) throw new BuiltinFailure('the result is no number');
  return value;
}

const rounded = (value: number | bigint, round: (value: number) => number): Value =>
  typeof value === 'bigint' ? value : known(toNumber(round(value)));

function range({ budget }: BuiltinContext, from: Value, to: Value, step: number): Value {
  const [a, b] = [whole(from), whole(to)];
  if (step <= 0) throw new BuiltinFailure('the step must be positive');
  const count = Math.floor(Math.abs(b - a) / step) + 1;
  budget.spend(count);
  return Array.from({ length: count }, (_, i) => (b >= a ? a + i * step : a - i * step));
}

function asNumber(value: Value): Value {
  if (value === null) return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  const word = text(value);
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(word) || word.length > 400)
    throw new BuiltinFailure('the string is no number');
  return known(toNumber(/^[+-]?\d{16,}$/.test(word) ? BigInt(word.replace(/^\+/, '')) : Number(word)));
}
