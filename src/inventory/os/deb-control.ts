/**
 * Paragraphs of Debian control files (dpkg's status and available): `Key: value` lines, a blank line between
 * paragraphs; a line that starts with a blank continues the value before it.
 * Limits  128 KiB a paragraph: longer ones are reported and left out. Only the wanted keys are kept.
 * Errors  a line without key → `invalid-line`, passed over.
 * Source  https://www.debian.org/doc/debian-policy/ch-controlfields.html#syntax-of-control-files
 */
import { LineScanner } from './line-scanner.js';

const MAX_PARAGRAPH = 128 * 1024;
const TAB = 9;
const SPACE = 32;

export interface ControlParagraph {
  /** By lower-case key; the first of its kind. */
  readonly fields: ReadonlyMap<string, string>;
  /** Number of its first line. */
  readonly line: number;
}

export type ReportProblem = (code: string, message: string, line: number) => void;

export function* controlParagraphs(
  text: string,
  wanted: readonly string[],
  report: ReportProblem,
): Generator<ControlParagraph> {
  const lines = new LineScanner(text);
  const keys = new WantedKeys(wanted);
  while (lines.next()) {
    if (lines.blank) continue;
    const line = lines.number;
    const begin = lines.start;
    const fields = readParagraph(lines, keys, report);
    if (lines.end - begin <= MAX_PARAGRAPH) yield { fields, line };
    else report('paragraph-too-long', `a paragraph is longer than ${MAX_PARAGRAPH} bytes`, line);
  }
}

/** Ends at the blank line behind the paragraph. */
function readParagraph(lines: LineScanner, keys: WantedKeys, report: ReportProblem): Map<string, string> {
  const fields = new Map<string, string>();
  const { text } = lines;
  const begin = lines.start;
  let last: string | undefined;
  do {
    const first = text.charCodeAt(lines.start);
    if (first === SPACE || first === TAB || lines.end === lines.start) {
      if (lines.blank) break;
      if (last !== undefined && lines.end - begin <= MAX_PARAGRAPH) {
        fields.set(last, `${fields.get(last)!} ${lines.slice(lines.start).trim()}`);
      }
      continue;
    }
    last = undefined;
    const colon = lines.colon();
    if (colon <= lines.start) report('invalid-line', 'a line without key', lines.number);
    else if (keys.mayBegin(first)) {
      const key = text.slice(lines.start, colon).toLowerCase();
      if (!keys.has(key) || fields.has(key)) continue;
      last = key;
      fields.set(key, lines.slice(colon + 1).trim());
    }
  } while (lines.next());
  return fields;
}

/** Most lines have other keys: the first letter tells that without cutting them out. */
class WantedKeys {
  readonly #keys: ReadonlySet<string>;
  readonly #initials = new Uint8Array(128);

  constructor(keys: readonly string[]) {
    this.#keys = new Set(keys);
    for (const key of keys) {
      this.#initials[key.charCodeAt(0)] = 1;
      this.#initials[key.toUpperCase().charCodeAt(0)] = 1;
    }
  }

  mayBegin(charCode: number): boolean {
    return this.#initials[charCode] === 1;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }
}
