/**
 * A time, always UTC, and the layouts by example that Go formats times with.
 * Source  https://pkg.go.dev/time#pkg-constants
 */
const months = 'January February March April May June July August September October November December'.split(' ');
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const two = (n: number): string => String(n).padStart(2, '0');
const hour12 = (date: Date): number => date.getUTCHours() % 12 || 12;

const parts: Readonly<Record<string, (date: Date) => string>> = {
  '2006': (d) => String(d.getUTCFullYear()).padStart(4, '0'),
  '06': (d) => two(d.getUTCFullYear() % 100),
  January: (d) => months[d.getUTCMonth()]!,
  Jan: (d) => months[d.getUTCMonth()]!.slice(0, 3),
  '01': (d) => two(d.getUTCMonth() + 1),
  '1': (d) => String(d.getUTCMonth() + 1),
  Monday: (d) => days[d.getUTCDay()]!,
  Mon: (d) => days[d.getUTCDay()]!.slice(0, 3),
  '02': (d) => two(d.getUTCDate()),
  _2: (d) => String(d.getUTCDate()).padStart(2, ' '),
  '2': (d) => String(d.getUTCDate()),
  '15': (d) => two(d.getUTCHours()),
  '03': (d) => two(hour12(d)),
  '3': (d) => String(hour12(d)),
  '04': (d) => two(d.getUTCMinutes()),
  '4': (d) => String(d.getUTCMinutes()),
  '05': (d) => two(d.getUTCSeconds()),
  '5': (d) => String(d.getUTCSeconds()),
  PM: (d) => (d.getUTCHours() < 12 ? 'AM' : 'PM'),
  pm: (d) => (d.getUTCHours() < 12 ? 'am' : 'pm'),
  MST: () => 'UTC',
  'Z07:00': () => 'Z',
  Z0700: () => 'Z',
  '-07:00': () => '+00:00',
  '-0700': () => '+0000',
  '-07': () => '+00',
};

const layoutPart =
  /[.,](0+|9+)(?!\d)|2006|January|Jan|Monday|Mon|MST|Z07:00|Z0700|-07:00|-0700|-07|PM|pm|01|02|03|04|05|06|15|_2|1|2|3|4|5/g;

export class GoTime {
  readonly milliseconds: number;
  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }

  format(layout: string): string {
    const date = new Date(this.milliseconds);
    return layout.replace(layoutPart, (part, fraction?: string) => {
      if (fraction === undefined) return parts[part]!(date);
      const digits = String(date.getUTCMilliseconds()).padStart(3, '0').padEnd(9, '0').slice(0, fraction.length);
      const shown = fraction[0] === '9' ? digits.replace(/0+$/, '') : digits;
      return shown && part[0] + shown;
    });
  }

  iso(): string {
    return new Date(this.milliseconds).toISOString().replace(/\.?0*Z$/, 'Z');
  }

  toString(): string {
    return this.format('2006-01-02 15:04:05.999999999 -0700 MST');
  }
}
