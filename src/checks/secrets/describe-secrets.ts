/**
 * From places in a file to what a report shows: line numbers, the matching line, two lines before and one after.
 * Every secret of the file is replaced by asterisks wherever it would be shown.
 * Lines of more than 100 bytes are shown from 30 bytes before the secret to 20 after it, or cut.
 */
import type { CodeLine, Secret } from '#model';
import type { ByteSource } from './byte-source.js';
import type { FoundSecret } from './find-secrets.js';
import { linePlaces, type LinePlace } from './line-places.js';

const maxLine = 100;
const shownBefore = 30;
const shownAfter = 20;

export function describeSecrets(source: ByteSource, found: readonly FoundSecret[]): Secret[] {
  if (found.length === 0) return [];
  const censored = createCensor(source, found);
  const places = linePlaces(source, risingPlaces(found));
  return found.map((secret) => describe(secret, places, censored));
}

/** Where each secret starts, and what follows it. */
function risingPlaces(found: readonly FoundSecret[]): number[] {
  return [...new Set(found.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
}

type Read = (from: number, to: number) => Uint8Array;

function describe(secret: FoundSecret, places: ReadonlyMap<number, LinePlace>, read: Read): Secret {
  const { rule, start, end } = secret;
  const first = places.get(start)!;
  const last = places.get(end)!;
  const match = matchingLine(first, secret, read);
  return {
    kind: 'secret',
    ruleId: rule.id,
    category: rule.category,
    severity: rule.severity,
    title: rule.title,
    startLine: first.line,
    endLine: last.line,
    code: codeLines(first, last, secret, match, read),
    match,
    offset: start,
  };
}

/** The first line of the secret, or the part of it around the secret when it is long. */
function matchingLine(line: LinePlace, { start, end }: FoundSecret, read: Read): string {
  const long = line.end - line.start > maxLine;
  const from = long ? Math.max(line.start, start - shownBefore) : line.start;
  const to = long ? Math.min(line.end, end + shownAfter) : line.end;
  return textOf(withoutReturn(read(from, to)));
}

function codeLines(first: LinePlace, last: LinePlace, secret: FoundSecret, match: string, read: Read): CodeLine[] {
  const lines: CodeLine[] = [];
  const add = (number: number, lineStart: number): void => {
    const isCause = number >= first.line && number <= last.line;
    const bytes = lineAt(lineStart, read);
    const content = bytes.length <= maxLine ? textOf(bytes) : isCause ? match : textOf(bytes.subarray(0, maxLine));
    lines.push({
      number,
      content,
      isCause,
      truncated: false,
      firstCause: number === first.line,
      lastCause: number === last.line,
    });
  };
  first.before.forEach((lineStart, i) => add(first.line - first.before.length + i, lineStart));
  let lineStart: number | undefined = first.start;
  for (let number = first.line; number <= last.line && lineStart !== undefined; number++) {
    add(number, lineStart);
    lineStart = number === last.line ? undefined : startAfter(lineStart, secret, read);
  }
  if (!last.isLast) add(last.line + 1, last.end + 1);
  return lines;
}

/** Start of the next line inside the secret. */
function startAfter(lineStart: number, { start, end }: FoundSecret, read: Read): number | undefined {
  const from = Math.max(lineStart, start);
  let feed = read(from, Math.min(end, from + usualLine)).indexOf(lineFeed);
  if (feed < 0 && end - from > usualLine) feed = read(from, end).indexOf(lineFeed);
  return feed < 0 ? undefined : from + feed + 1;
}

/** At most one byte more than is shown, so that a long line is known. */
function lineAt(lineStart: number, read: Read): Uint8Array {
  const bytes = read(lineStart, lineStart + maxLine + 2);
  const feed = bytes.indexOf(lineFeed);
  const line = withoutReturn(feed < 0 ? bytes : bytes.subarray(0, feed));
  return line.length > maxLine ? line.subarray(0, maxLine + 1) : line;
}

const usualLine = 256;
const lineFeed = 10;
const carriageReturn = 13;

const withoutReturn = (line: Uint8Array): Uint8Array => (line.at(-1) === carriageReturn ? line.subarray(0, -1) : line);

/** Bytes in a row that are not UTF-8 become one replacement character. */
const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(/\ufffd{2,}/g, '\ufffd');

/** Reads bytes with all secrets replaced; line breaks inside secrets stay. */
function createCensor(source: ByteSource, found: readonly FoundSecret[]): Read {
  const ranges = merged(found);
  return (from, to) => {
    const bytes = Uint8Array.from(source.read(from, Math.min(to, source.size) - from));
    for (let i = firstEndingAfter(ranges, from); i < ranges.length && ranges[i]!.start < from + bytes.length; i++) {
      const until = Math.min(ranges[i]!.end - from, bytes.length);
      for (let at = Math.max(0, ranges[i]!.start - from); at < until; at++)
        if (bytes[at] !== lineFeed) bytes[at] = asterisk;
    }
    return bytes;
  };
}

const asterisk = 0x2a;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** In order, and apart. */
function merged(found: readonly Range[]): Range[] {
  const ranges: { start: number; end: number }[] = [];
  for (const { start, end } of [...found].sort((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else ranges.push({ start, end });
  }
  return ranges;
}

function firstEndingAfter(ranges: readonly Range[], place: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.end <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}
