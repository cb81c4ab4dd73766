/**
 * `json`: the report schema version 2, indented by two spaces, HTML characters escaped as Go's encoder does.
 * Results are encoded one finding at a time, so memory stays bounded by one package or finding.
 */
import type { Report } from '#model';
import { defineFormat } from './format.js';
import { type JsonOptions, reportHead, resultJson } from './report-json.js';

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
  const head = encodeValue(reportHead(report, options), '');
  let open = false;
  for (const result of report.results) {
    const encoded = resultJson(result, report, options);
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
    if (Array.isArray(value)) yield* encodeList(value);
    else yield encodeValue(value, '      ');
  }
  yield '\n    }';
}

function* encodeList(values: readonly unknown[]): Generator<string> {
  let separator = '[\n        ';
  for (const value of values) {
    yield separator + encodeValue(value, '        ');
    separator = ',\n        ';
  }
  yield '\n      ]';
}

const htmlSensitive = /[<>&\u2028\u2029]/g;

function encodeValue(value: unknown, indent: string): string {
  const plain = JSON.stringify(value, null, 2);
  const escaped = plain.replace(htmlSensitive, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return indent ? escaped.replaceAll('\n', `\n${indent}`) : escaped;
}
