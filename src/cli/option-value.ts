/** From the texts of the command line, environment and configuration to typed option values, checked. */
import { PratiqueError } from '#base';
import type { OptionSpec } from './option.js';

export type OptionValue = boolean | number | string | readonly string[] | Readonly<Record<string, readonly string[]>>;

/** `label` names the option as the user wrote it, for messages. `whole`: each text is one element of a list. */
export function toValue(spec: OptionSpec, texts: readonly string[], label: string, whole = false): OptionValue {
  const last = texts.at(-1) ?? '';
  switch (spec.type) {
    case 'flag':
      return toBoolean(last, label);
    case 'number':
      return toInteger(last, label);
    case 'duration':
      return toMilliseconds(last, label);
    case 'size':
      return toBytes(last, label);
    case 'list':
      return texts
        .flatMap((text) => (whole ? [text.trim()] : splitList(text)))
        .filter((text) => text !== '')
        .map((text) => checkValue(spec, text, label));
    case 'texts':
      return texts.filter((text) => text !== '').map((text) => checkValue(spec, text, label));
    case 'text':
      return checkValue(spec, last, label);
    case 'map':
      throw invalid(label, last, 'in the configuration file');
  }
}

/** Parts at commas; a part in double quotes may hold commas, and a doubled quote in it is one. */
export function splitList(text: string): string[] {
  if (!text.includes('"')) return text.split(',').map((part) => part.trim());
  const parts: string[] = [];
  for (const [, quoted, plain] of `${text},`.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*|([^,]*)),/g))
    parts.push(quoted === undefined ? plain!.trim() : quoted.replaceAll('""', '"'));
  return parts;
}

export function defaultValue(spec: OptionSpec): OptionValue {
  const value = spec.default;
  return (spec.type === 'duration' || spec.type === 'size') && typeof value === 'string'
    ? toValue(spec, [value], '')
    : value;
}

function checkValue(spec: OptionSpec, text: string, label: string): string {
  const { valueAliases = {} } = spec;
  const value = Object.hasOwn(valueAliases, text) ? valueAliases[text]! : text;
  if (!spec.values || spec.values.includes(value)) return value;
  if (spec.unavailable?.includes(value))
    throw new PratiqueError('usage/invalid', { problem: `${label} ${text} is not available yet` });
  // Severities are written in any case.
  const upper = spec.values.find((allowed) => allowed.toLowerCase() === value.toLowerCase());
  if (upper !== undefined) return upper;
  throw invalid(label, text, `one of ${spec.values.join(', ')}`);
}

function toBoolean(text: string, label: string): boolean {
  if (/^(?:1|t|true)$/i.test(text)) return true;
  if (/^(?:0|f|false)$/i.test(text)) return false;
  throw invalid(label, text, 'true or false');
}

function toInteger(text: string, label: string): number {
  if (!/^[+-]?\d{1,9}$/.test(text)) throw invalid(label, text, 'a whole number');
  return Number(text);
}

const units = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `1h30m`, `300s`, `1.5m`; https://pkg.go.dev/time#ParseDuration */
function toMilliseconds(text: string, label: string): number {
  if (text === '0') return 0;
  const whole = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/;
  if (text.length > 64 || !whole.test(text)) throw invalid(label, text, 'a duration such as 5m0s');
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g))
    sum += Number(amount) * units[unit as keyof typeof units];
  return sum;
}

const decimal = { '': 1, b: 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9, t: 1e12, tb: 1e12 } as const;
const binary = { kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 } as const;

function toBytes(text: string, label: string): number {
  if (text === '') return 0;
  const match = /^(\d{1,15}(?:\.\d{1,9})?)\s*([a-z]{0,3})$/i.exec(text.trim());
  const factor = match ? { ...decimal, ...binary }[match[2]!.toLowerCase() as keyof typeof decimal] : undefined;
  if (!match || factor === undefined) throw invalid(label, text, 'a size such as 10MB');
  return Math.floor(Number(match[1]) * factor);
}

function invalid(label: string, text: string, expected: string): PratiqueError {
  return new PratiqueError('usage/invalid', {
    problem: `${label} is ${JSON.stringify(text)}, but must be ${expected}`,
  });
}
