/**
 * Natural numbers of any length, as versions write them: `7`, `007`, `20240131120000123456`.
 * Short ones are plain numbers; longer ones keep their digits, so no value wraps or loses its last places.
 * Reading and comparing are linear in the number of digits.
 */
export type Natural = number | LongNatural;

/** More digits than a double holds exactly; no leading zeros. */
interface LongNatural {
  readonly digits: string;
}

const exactDigits = 15;

/** The number written in `text` from `start` to before `end`, which must all be ASCII digits; none is zero. */
export function natural(text: string, start: number, end: number): Natural {
  let from = start;
  while (from < end && text.charCodeAt(from) === 48) from++;
  if (end - from > exactDigits) return { digits: text.slice(from, end) };
  let value = 0;
  for (let i = from; i < end; i++) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}

export function compareNaturals(a: Natural, b: Natural): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  if (a.digits.length !== b.digits.length) return a.digits.length - b.digits.length;
  return compareText(a.digits, b.digits);
}

/** By value, number for number, where missing ones are zero. */
export function compareNumbers(a: readonly Natural[], b: readonly Natural[]): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = compareNaturals(a[i] ?? 0, b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The number after it. */
export function successor(value: Natural): Natural {
  if (typeof value === 'number') {
    const next = value + 1;
    return next < 10 ** exactDigits ? next : { digits: String(next) };
  }
  const { digits } = value;
  let last = digits.length - 1;
  while (last >= 0 && digits[last] === '9') last--;
  const zeros = '0'.repeat(digits.length - 1 - last);
  if (last < 0) return { digits: `1${zeros}` };
  return { digits: `${digits.slice(0, last)}${Number(digits[last]) + 1}${zeros}` };
}

/** Two runs of ASCII digits by value, without reading them into numbers. */
export function compareDigitRuns(
  a: string,
  aStart: number,
  aEnd: number,
  b: string,
  bStart: number,
  bEnd: number,
): number {
  let i = aStart;
  let j = bStart;
  while (i < aEnd && a.charCodeAt(i) === 48) i++;
  while (j < bEnd && b.charCodeAt(j) === 48) j++;
  const longer = aEnd - i - (bEnd - j);
  if (longer !== 0) return longer;
  for (; i < aEnd; i++, j++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(j);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** By UTF-16 code unit, which for the ASCII of versions is byte order. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** `0`-`9`; false for NaN, which `charCodeAt` gives past the end. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** `A`-`Z`, `a`-`z`. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** The index after the run of digits that starts at `start`. */
export function digitsEnd(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}
