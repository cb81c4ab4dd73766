/**
 * Paragraphs of Debian control files (dpkg's status and available): `Key: value` lines, a blank line between
 * paragraphs; a line that starts with a blank continues the value before it.
 * Limits  128 KiB a paragraph: longer ones are reported and left out. Only the wanted keys are kept.
 * Errors  a line without key → `invalid-line`, passed over.
 * Source  https://www.debian.org/doc/debian-policy/ch-controlfields.html#syntax-of-control-files
 */
import { LineScanner } from './line-scanner.js';

const MAX_PARAGRAPH = 128 * 1024;

export interface ControlParagraph {
  /** By lower-case key; the first of its kind. */
  readonly fields: ReadonlyMap<string, string>;
  /** Number of its first line. */
  readonly line: number;
}

export type ReportProblem = (code: string, message: string, line: number) => void;

export function* controlParagraphs(
  text: string,
  wanted: ReadonlySet<string>,
  report: ReportProblem,
): Generator<ControlParagraph> {
  const lines = new LineScanner(text);
  while (lines.next()) {
    if (lines.blank) continue;
    const line = lines.number;
    const begin = lines.start;
    const fields = readParagraph(lines, wanted, report);
    if (lines.end - begin <= MAX_PARAGRAPH) yield { fields, line };
    else report('paragraph-too-long', `a paragraph is longer than ${MAX_PARAGRAPH} bytes`, line);
  }
}

/** Ends at the blank line behind the paragraph. */
function readParagraph(lines: LineScanner, wanted: ReadonlySet<string>, report: ReportProblem): Map<string, string> {
  const fields = new Map<string, string>();
  const begin = lines.start;
  let last: string | undefined;
  do {
    if (lines.blank) break;
    if (lines.end - begin > MAX_PARAGRAPH) continue;
    const code = lines.text.charCodeAt(lines.start);
    if (code === 32 || code === 9) {
      if (last !== undefined) fields.set(last, `${fields.get(last)!} ${lines.slice(lines.start).trim()}`);
      continue;
    }
    const colon = lines.find(58);
    last = undefined;
    if (colon <= lines.start) {
      report('invalid-line', 'a line without key', lines.number);
      continue;
    }
    const key = lines.text.slice(lines.start, colon).toLowerCase();
    if (!wanted.has(key) || fields.has(key)) continue;
    last = key;
    fields.set(key, lines.slice(colon + 1).trim());
  } while (lines.next());
  return fields;
}
