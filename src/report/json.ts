/**
 * `json`: the report schema version 2, indented by two spaces, HTML characters escaped as Go's encoder does.
 * Results are encoded a few findings at a time, so memory stays bounded.
 */
import type { Report } from '#model';
import { defineFormat } from './format.js';
import { type JsonOptions, MadeList, reportHead, resultFields } from './report-json.js';

export const json = defineFormat({
  id: 'json',
  title: 'JSON report, schema version 2',
  mediaType: 'application/json',
  extension: 'json',
  async *encode(report, options) {
    yield* encodeReport(report, {
      listPackages: options.listPackages,
      version: options.version,
      showSuppressed: options.showSuppressed === true,
    });
  },
});

function* encodeReport(report: Report, options: JsonOptions): Generator<string> {
  const head = inert(JSON.stringify(reportHead(report, options), null, 2));
  let open = false;
  for (const result of report.results) {
    const encoded = resultFields(result, report, options);
    if (!encoded) continue;
    yield open ? ',\n    ' : `${head.slice(0, -2)},\n  "Results": [\n    `;
    open = true;
    yield* encodeResult(encoded);
  }
  yield open ? '\n  ]\n}\n' : `${head}\n`;
}

function* encodeResult(result: Readonly<Record<string, unknown>>): Generator<string> {
  let separator = '{\n      ';
  for (const [key, value] of Object.entries(result)) {
    yield `${separator}${JSON.stringify(key)}: `;
    separator = ',\n      ';
    if (value instanceof MadeList) yield* encodeList(value);
    else yield encodeElements([value], 3);
  }
  yield '\n    }';
}

/** Findings or packages that are text at the same time. */
const PIECE = 32;

function* encodeList(values: MadeList): Generator<string> {
  let separator = '[\n        ';
  for (let at = 0; at < values.length; at += PIECE) {
    yield separator + encodeElements(values.slice(at, at + PIECE), 4);
    separator = ',\n        ';
  }
  yield '\n      ]';
}

/**
 * The elements of a list, without its brackets, as they stand `depth` brackets deep: written inside as many lists, they
 * come out indented, which costs a fraction of indenting the text afterwards.
 */
function encodeElements(elements: readonly unknown[], depth: number): string {
  let nested = elements;
  let before = 0;
  let after = 0;
  for (let level = 1; level <= depth; level++) {
    if (level > 1) nested = [nested];
    before += '[\n'.length + 2 * level;
    after += '\n]'.length + 2 * (level - 1);
  }
  return inert(JSON.stringify(nested, null, 2).slice(before, -after));
}

/** Without what HTML, a terminal or the runner of a job takes for a command, and without text that runs the other way. */
const inert = (text: string): string =>
  text.replace(
    /[<>&\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]|#(?=#(?:vso)?\[)/gi,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
