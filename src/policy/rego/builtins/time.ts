/**
 * Times as nanoseconds since 1970, in UTC; other zones are a failure.
 * Source  https://www.openpolicyagent.org/docs/policy-reference#time
 */
import { toNumber, type Value } from '../value.js';
import { builtin, BuiltinFailure, type Builtins, number, text, whole } from './builtin.js';
import { parseLayout } from './time-layout.js';

const MILLISECOND = 1_000_000n;
const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 24 * 3600e9,
  w: 7 * 24 * 3600e9,
  y: 365 * 24 * 3600e9,
};
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export const time: Builtins = {
  'time.now_ns': builtin(0, ({ now }) => toNumber(now)),
  'time.parse_rfc3339_ns': builtin(1, (_, value) => toNumber(parseLayout('2006-01-02T15:04:05Z07:00', text(value)))),
  'time.parse_ns': builtin(2, (_, layout, value) => toNumber(parseLayout(layoutOf(text(layout)), text(value)))),
  'time.parse_duration_ns': builtin(1, (_, value) => duration(text(value))),
  'time.date': builtin(1, (_, value) => fields(dateOf(value)).slice(0, 3)),
  'time.clock': builtin(1, (_, value) => fields(dateOf(value)).slice(3)),
  'time.weekday': builtin(1, (_, value) => weekdays[dateOf(value).getUTCDay()]!),
  'time.add_date': builtin(4, (_, value, years, months, days) => {
    const date = dateOf(value);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
    const moved = date.setUTCFullYear(year + whole(years), month + whole(months), day + whole(days));
    if (!Number.isFinite(moved)) throw new BuiltinFailure('the date is out of range');
    const below = BigInt(number(value)) - floorMilliseconds(BigInt(number(value))) * MILLISECOND;
    return toNumber(BigInt(moved) * MILLISECOND + below);
  }),
  'time.diff': builtin(2, (_, a, b) => difference(dateOf(a), dateOf(b))),
};

const layouts: Readonly<Record<string, string>> = {
  RFC3339: '2006-01-02T15:04:05Z07:00',
  RFC3339Nano: '2006-01-02T15:04:05Z07:00',
  DateTime: '2006-01-02 15:04:05',
  DateOnly: '2006-01-02',
};
const layoutOf = (name: string): string => (Object.hasOwn(layouts, name) ? layouts[name]! : name);

function floorMilliseconds(ns: bigint): bigint {
  const rest = ((ns % MILLISECOND) + MILLISECOND) % MILLISECOND;
  return (ns - rest) / MILLISECOND;
}

/** Of nanoseconds, or of nanoseconds and a zone. */
function dateOf(value: Value): Date {
  const [ns, zone] = Array.isArray(value) ? (value as readonly Value[]) : [value, 'UTC'];
  if (zone !== undefined && !['', 'UTC', 'Etc/UTC'].includes(text(zone)))
    throw new BuiltinFailure('time zones other than UTC are not supported');
  const since = number(ns ?? null);
  if (typeof since === 'number' && !Number.isInteger(since)) throw new BuiltinFailure('a whole number is expected');
  const date = new Date(Number(floorMilliseconds(BigInt(since))));
  if (Number.isNaN(date.getTime())) throw new BuiltinFailure('the time is out of range');
  return date;
}

const fields = (date: Date): number[] => [
  date.getUTCFullYear(),
  date.getUTCMonth() + 1,
  date.getUTCDate(),
  date.getUTCHours(),
  date.getUTCMinutes(),
  date.getUTCSeconds(),
];

/** Years, months, days, hours, minutes and seconds between two times, whichever is later. */
function difference(a: Date, b: Date): Value {
  const [from, to] = a <= b ? [a, b] : [b, a];
  const [first, last] = [fields(from), fields(to)];
  const out = last.map((value, i) => value - first[i]!);
  // The first month lends its days.
  const days = new Date(Date.UTC(first[0]!, first[1]!, 0)).getUTCDate();
  const sizes = [0, 12, days, 24, 60, 60];
  for (let i = 5; i > 0; i--) {
    if (out[i]! >= 0) continue;
    out[i]! += sizes[i]!;
    out[i - 1]!--;
  }
  return out;
}

function duration(value: string): Value {
  const sign = value.startsWith('-') ? -1 : 1;
  const body = value.replace(/^[+-]/, '');
  const parts = [...body.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w|y)/g)];
  if (body === '' || parts.map(([whole]) => whole).join('') !== body)
    throw new BuiltinFailure('the string is no duration');
  const sum = parts.reduce((total, [, count, unit]) => total + Number(count) * units[unit!]!, 0);
  return toNumber(sign * Math.round(sum))!;
}
