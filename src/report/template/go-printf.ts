/**
 * `printf` as Go's fmt: verbs v s q d t x X o b c U f e g, flags, width and precision.
 * Quoted text is written with escapes that Go and JSON both read: templates put `%q` into JSON.
 * Source  https://pkg.go.dev/fmt#hdr-Printing
 */
import { type Value, kindOf, printed, printedNumber } from './values.js';

const verb = /%([-+# 0]*)(\d{0,6})(?:\.(\d{0,6}))?(.)/gsu;
const maxWidth = 10_000;

export function goPrintf(format: string, args: readonly Value[]): string {
  let used = 0;
  const text = format.replace(verb, (_, flags: string, width: string, precision: string | undefined, name: string) => {
    if (name === '%') return '%';
    if (used >= args.length) return `%!${name}(MISSING)`;
    const one = formatted(name, args[used++], flags, precision === undefined ? undefined : Number(precision));
    return padded(one, Math.min(Number(width), maxWidth), flags, name);
  });
  if (used >= args.length) return text;
  const extra = args.slice(used).map((value) => `${kindOf(value)}=${printed(value, true)}`);
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

function formatted(name: string, value: Value, flags: string, precision: number | undefined): string {
  const bad = `%!${name}(${kindOf(value)}=${printed(value, true)})`;
  if (name === 'v') return printed(value, true);
  if (typeof value === 'number') return formattedNumber(name, value, flags, precision) ?? bad;
  if (name === 't') return typeof value === 'boolean' ? String(value) : bad;
  if (!'sqxX'.includes(name) || typeof value === 'boolean' || value === undefined) return bad;
  const whole = printed(value, true);
  const text = precision === undefined ? whole : [...whole].slice(0, precision).join('');
  if (name === 's') return text;
  if (name === 'q') return goQuoted(text);
  const hex = Buffer.from(text).toString('hex');
  return name === 'x' ? hex : hex.toUpperCase();
}

const bases: Readonly<Record<string, number>> = { d: 10, x: 16, X: 16, o: 8, b: 2 };

function formattedNumber(
  name: string,
  value: number,
  flags: string,
  precision: number | undefined,
): string | undefined {
  const sign = flags.includes('+') && value >= 0 ? '+' : '';
  if (Object.hasOwn(bases, name) && Number.isInteger(value)) {
    const text = value.toString(bases[name]);
    return sign + (name === 'X' ? text.toUpperCase() : text);
  }
  if (name === 'f' || name === 'F') return sign + value.toFixed(Math.min(precision ?? 6, 100));
  if (name === 'e') return sign + value.toExponential(Math.min(precision ?? 6, 100)).replace(/e([+-])(\d)$/, 'e$10$2');
  if (name === 'g')
    return (
      sign +
      (precision === undefined
        ? printedNumber(value)
        : String(Number(value.toPrecision(Math.min(Math.max(precision, 1), 100)))))
    );
  const isPoint = Number.isInteger(value) && value >= 0 && value <= 0x10ffff;
  if (name === 'c' && isPoint) return String.fromCodePoint(value);
  if (name === 'q' && isPoint) return `'${String.fromCodePoint(value)}'`;
  return name === 'U' && isPoint ? `U+${value.toString(16).toUpperCase().padStart(4, '0')}` : undefined;
}

function padded(text: string, width: number, flags: string, name: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || !'dfFegxXob'.includes(name)) return text.padStart(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

const short: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
};

export const goQuoted = (text: string): string =>
  `"${text.replace(
    /[\u0000-\u001f"\\\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]|\p{Cs}/gu,
    (c) => (/\p{Cs}/u.test(c) ? '\ufffd' : (short[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  )}"`;
