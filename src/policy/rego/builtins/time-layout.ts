/**
 * Times in a layout that shows how 2006-01-02 15:04:05 is written.
 * Errors  `BuiltinFailure` for other texts, and for parts of a layout that are not supported.
 * Source  https://pkg.go.dev/time#pkg-constants
 */
import { BuiltinFailure } from './builtin.js';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const parts: readonly (readonly [part: string, pattern: string])[] = [
  ['2006', '(?<year>\\d{4})'],
  ['Z07:00', '(?<zone>Z|[+-]\\d\\d:\\d\\d)'],
  ['-07:00', '(?<zone>[+-]\\d\\d:\\d\\d)'],
  ['-0700', '(?<zone>[+-]\\d{4})'],
  ['January', '(?<monthName>January|February|March|April|May|June|July|August|September|October|November|December)'],
  ['Jan', `(?<monthName>${months.join('|')})`],
  ['MST', '(?:UTC|GMT)'],
  ['Monday', '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day'],
  ['Mon', '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'],
  ['01', '(?<month>\\d\\d)'],
  ['02', '(?<day>\\d\\d)'],
  ['15', '(?<hour>\\d\\d)'],
  ['04', '(?<minute>\\d\\d)'],
  ['1', '(?<month>\\d\\d?)'],
  ['2', '(?<day>\\d\\d?)'],
  ['05', '(?<second>\\d\\d)(?:\\.(?<fraction>\\d{1,9}))?'],
];
const literals = /[TZ]|[^A-Za-z0-9]/;

/** Nanoseconds since 1970. */
export function parseLayout(layout: string, value: string): bigint {
  const groups = patternOf(layout).exec(value)?.groups;
  if (!groups) throw new BuiltinFailure(`${JSON.stringify(value.slice(0, 100))} is no time of the layout ${layout}`);
  const { year = '1970', month, monthName = 'Jan', hour = '00', minute = '00', second = '00' } = groups;
  const day = (groups['day'] ?? '01').padStart(2, '0');
  const number = (month ?? String(months.indexOf(monthName.slice(0, 3)) + 1)).padStart(2, '0');
  const zone = (groups['zone'] ?? 'Z').replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const at = Date.parse(`${year}-${number}-${day}T${hour}:${minute}:${second}${zone}`);
  if (
    Number.isNaN(at) ||
    Number(hour) > 23 ||
    new Date(Date.parse(`${year}-${number}-${day}T00:00:00Z`)).getUTCDate() !== Number(day)
  )
    throw new BuiltinFailure(`${JSON.stringify(value.slice(0, 100))} is no time`);
  return BigInt(at) * 1_000_000n + BigInt((groups['fraction'] ?? '').padEnd(9, '0'));
}

function patternOf(layout: string): RegExp {
  let out = '';
  for (let i = 0; i < layout.length;) {
    const known = parts.find(([part]) => layout.startsWith(part, i));
    if (!known && !literals.test(layout[i]!))
      throw new BuiltinFailure(`the layout ${JSON.stringify(layout.slice(0, 100))} is not supported`);
    out += known ? known[1] : layout[i]!.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    i += known ? known[0].length : 1;
  }
  try {
    return new RegExp(`^${out}$`, 'u');
  } catch {
    throw new BuiltinFailure('the layout names a part twice');
  }
}
