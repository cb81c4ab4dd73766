/**
 * Texts from a format: `%v %s %d %f %e %g %q %x %X %o %b %c %%`, with width, precision and the flags `-`, `0`, `+`, `#` and
 * blank.
 * Whole numbers, numbers with a fraction and strings are told apart, everything else is written as a string; a verb that
 * does not fit shows as `%!d(string=a)`.
 * Source  https://pkg.go.dev/fmt
 */
import type { Budget } from '../budget.js';
import { textOf, type Value } from '../value.js';

const verb = /%([-+0 #]*)(\d{0,3})(?:\.(\d{0,2}))?([a-zA-Z%])/g;

type Operand =
  | { readonly type: 'int64'; readonly value: number | bigint }
  | { readonly type: 'float64'; readonly value: number }
  | { readonly type: 'string'; readonly value: string };

export function sprintf(format: string, values: readonly Value[], budget: Budget): string {
  let next = 0;
  const out = format.replace(verb, (_, flags: string, width: string, precision: string | undefined, letter: string) => {
    if (letter === '%') return '%';
    if (next >= values.length) return `%!${letter}(MISSING)`;
    const operand = operandOf(values[next++]!);
    const word = written(operand, letter, precision);
    if (word === undefined) return `%!${letter}(${told(operand)})`;
    const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
    const isPositive = typeof operand.value !== 'string' && operand.value >= 0;
    const prefix = flags.includes('#') && /[xX]/.test(letter) ? `0${letter}` : '';
    const signed = `${isPositive ? sign : ''}${prefix}${word}`;
    budget.spendText(signed.length);
    return padded(signed, flags, Number(width));
  });
  const extra = values.slice(next).map((value) => told(operandOf(value)));
  const whole = extra.length > 0 ? `${out}%!(EXTRA ${extra.join(', ')})` : out;
  budget.spendText(whole.length);
  return whole;
}

function operandOf(value: Value): Operand {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)))
    return { type: 'int64', value };
  if (typeof value === 'number') return { type: 'float64', value };
  return { type: 'string', value: typeof value === 'string' ? value : textOf(value) };
}

const told = ({ type, value }: Operand): string => `${type}=${value}`;

function written(operand: Operand, letter: string, precision: string | undefined): string | undefined {
  switch (operand.type) {
    case 'int64':
      return ofWhole(operand.value, letter);
    case 'float64':
      return ofFraction(operand.value, letter, precision);
    case 'string':
      return ofText(operand.value, letter, precision);
  }
}

function ofWhole(value: number | bigint, letter: string): string | undefined {
  const base = { v: 10, d: 10, b: 2, o: 8, x: 16, X: 16 }[letter];
  if (base !== undefined) return letter === 'X' ? value.toString(base).toUpperCase() : value.toString(base);
  return letter === 'c' && value >= 0 && value <= 0x10ffff ? String.fromCodePoint(Number(value)) : undefined;
}

function ofFraction(value: number, letter: string, precision: string | undefined): string | undefined {
  const digits = Number(precision ?? 6);
  if (letter === 'v' || letter === 'g') return String(value);
  if (letter === 'f') return value.toFixed(digits);
  return letter === 'e' ? value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2') : undefined;
}

function ofText(value: string, letter: string, precision: string | undefined): string | undefined {
  const cut = precision === undefined ? value : [...value].slice(0, Number(precision)).join('');
  if (letter === 'v' || letter === 's') return cut;
  if (letter === 'q') return JSON.stringify(cut);
  const hex = Buffer.from(cut).toString('hex');
  return letter === 'x' ? hex : letter === 'X' ? hex.toUpperCase() : undefined;
}

function padded(word: string, flags: string, width: number): string {
  if (flags.includes('-')) return word.padEnd(width);
  if (!flags.includes('0')) return word.padStart(width);
  return /^[+-]/.test(word) ? word[0]! + word.slice(1).padStart(width - 1, '0') : word.padStart(width, '0');
}
