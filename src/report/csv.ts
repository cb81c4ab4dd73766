/**
 * `csv`: one line a finding, under a line of names. A cell that a spreadsheet would take for a formula begins with an
 * apostrophe; lines of text become one, so that a line is a finding for tools of the shell, too.
 * Sources  https://www.rfc-editor.org/rfc/rfc4180 · https://owasp.org/www-community/attacks/CSV_Injection
 */
import { oneLine } from '#base';
import { flatFindings, linksOf, type FlatFinding } from './flat-finding.js';
import { defineFormat } from './format.js';
import { plainText } from './markup-text.js';

export const csv = defineFormat({
  id: 'csv',
  title: 'comma-separated values',
  mediaType: 'text/csv; header=present',
  extension: 'csv',
  async *encode(report) {
    yield line(Object.keys(columns));
    const cells = Object.values(columns);
    for (const found of flatFindings(report)) yield line(cells.map((cell) => cell(found)));
  },
});

const columns: Readonly<Record<string, (found: FlatFinding) => string>> = {
  Target: ({ target }) => target,
  Class: ({ result }) => result.class,
  Type: ({ result }) => result.type ?? '',
  Kind: ({ kind }) => kind,
  ID: ({ id }) => id,
  Severity: ({ severity }) => severity,
  Package: ({ subject }) => subject,
  InstalledVersion: ({ installed }) => installed,
  FixedVersion: ({ fixed }) => fixed,
  Status: ({ status }) => status,
  Path: ({ path }) => path,
  Line: ({ line }) => (line === undefined ? '' : String(line)),
  Layer: ({ layer }) => layer?.diffId ?? layer?.digest ?? '',
  PURL: ({ finding }) => (finding.kind === 'vulnerability' ? (finding.package.purl ?? '') : ''),
  Title: ({ title }) => title,
  URL: ({ url, finding }) => url || (linksOf(finding)[0] ?? ''),
};

const line = (cells: readonly string[]): string => `${cells.map(cellText).join(',')}\n`;

/** Signs that begin a formula, their wide forms, and what spreadsheets skip before them. */
const formula = /^[\s'"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/u;

function cellText(text: string): string {
  const plain = plainText(oneLine(text));
  const inert = formula.test(plain) ? `'${plain}` : plain;
  // In quotes it is also no command to the runner of a job.
  return /[",;\n]|^\s|\s$|^::/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
