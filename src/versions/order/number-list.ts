/** Versions that are nothing but numbers with marks between them, compared like words: `1.0` is below `1.0.0`. */
import { compareNaturals, digitsEnd, natural, type Natural } from './natural.js';

/** undefined unless the text is numbers, each two of them separated by one of the marks. */
export function parseNumberList(text: string, marks: string): Natural[] | undefined {
  const numbers: Natural[] = [];
  for (let at = 0; ; at++) {
    const end = digitsEnd(text, at);
    if (end === at) return undefined;
    numbers.push(natural(text, at, end));
    if (end === text.length) return numbers;
    if (!marks.includes(text[end]!)) return undefined;
    at = end;
  }
}

export function compareNumberLists(a: readonly Natural[], b: readonly Natural[]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = compareNaturals(a[i]!, b[i]!);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
