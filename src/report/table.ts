/**
 * `table`: for people at a terminal. A summary by target, then the findings of each target.
 * Text from the target is made inert: control characters are shown, never sent to the terminal.
 */
import type { Report, Result, Severity } from '#model';
import { oneLine } from '#base';
import { boxRows } from './box-table.js';
import { maxWidth } from './column-width.js';
import { defineFormat, type FormatOptions } from './format.js';
import { withoutCommands } from './inert-text.js';
import { licenseDetails } from './license-details.js';
import { originTree } from './origin-tree.js';
import { secretDetails } from './secret-details.js';
import { summaryTable } from './summary-table.js';
import { suppressedTable } from './suppressed-table.js';

export const table = defineFormat({
  id: 'table',
  title: 'tables for a terminal',
  mediaType: 'text/plain',
  extension: 'txt',
  async *encode(report, options) {
    for (const part of parts(report, options)) yield withoutCommands(part);
  },
});

function* parts(report: Report, options: FormatOptions): Generator<string> {
  if (options.tableModes.includes('summary')) yield summaryTable(report, options);
  if (!options.tableModes.includes('detailed')) return;
  const paint = (text: string, severity: Severity): string => paintSeverity(text, severity, options);
  for (const result of report.results) {
    const suppressed = options.showSuppressed ? suppressedTable(result, options, paint) : '';
    if (result.vulnerabilities.length > 0 || suppressed) {
      yield* details(result, options);
      yield suppressed;
    }
    if (result.secrets?.length) yield secretDetails(result, severityCounts(result.secrets, options), options, paint);
    if (result.licenses?.length) yield licenseDetails(result, severityCounts(result.licenses, options), options, paint);
  }
  yield notAssessed(report, options);
}

function* details(result: Result, options: FormatOptions): Generator<string> {
  const heading = oneLine(result.class === 'lang-pkgs' ? `${result.target} (${result.type})` : result.target);
  yield `\n${heading}\n${'='.repeat(heading.length)}\n${totals(result, options)}\n`;
  if (result.vulnerabilities.length > 0) {
    yield '\n';
    yield* findings(result, options);
  }
  if (options.dependencyTree) yield originTree(result, options);
}

function totals(result: Result, options: FormatOptions): string {
  return `Total: ${result.vulnerabilities.length} (${severityCounts(result.vulnerabilities, options)})`;
}

export function severityCounts(found: readonly { severity: Severity }[], options: FormatOptions): string {
  return options.severities
    .map(
      (severity) =>
        `${paintSeverity(severity, severity, options)}: ${found.filter((v) => v.severity === severity).length}`,
    )
    .join(', ');
}

const severityColumn = 2;

function findings(result: Result, options: FormatOptions): Generator<string> {
  const rows = result.vulnerabilities.map((v) => [
    library(v.package.name, v.package.path),
    oneLine(v.id),
    v.severity,
    v.status === 'unknown' ? '' : v.status,
    oneLine(v.installedVersion),
    oneLine(v.fixedVersion ?? ''),
    title(v.title ?? v.description ?? '', v.primaryUrl),
  ]);
  return boxRows(rows, {
    columns: [
      { title: 'Library', align: 'left', merge: true, shrinkTo: 12, maxWidth },
      { title: 'Vulnerability', align: 'left', merge: true, shrinkTo: 16, maxWidth },
      { title: 'Severity', align: 'left', merge: true },
      { title: 'Status', align: 'left', merge: true },
      { title: 'Installed Version', align: 'left', merge: true, shrinkTo: 12, maxWidth },
      { title: 'Fixed Version', align: 'left', merge: true, shrinkTo: 12, maxWidth },
      { title: 'Title', align: 'left', merge: true, shrinkTo: 20, maxWidth },
    ],
    ...(options.width === undefined ? {} : { width: options.width }),
    paint: (text, column, cell) => (column === severityColumn ? paintSeverity(text, cell as Severity, options) : text),
  });
}

function library(name: string, path: string | undefined): string {
  return oneLine(path ? `${name} (${path.slice(path.lastIndexOf('/') + 1)})` : name);
}

/** At most twelve words, then the link on a line of its own. */
function title(text: string, url: string | undefined): string {
  const words = oneLine(text).split(' ');
  const short = words.length > 12 ? `${words.slice(0, 12).join(' ')}...` : words.join(' ');
  return url ? `${short}\n${oneLine(url)}` : short;
}

const colors: Readonly<Record<Severity, number>> = { CRITICAL: 31, HIGH: 91, MEDIUM: 33, LOW: 34, UNKNOWN: 36 };

function paintSeverity(text: string, severity: Severity, options: FormatOptions): string {
  return options.color ? `\u001b[${colors[severity]}m${text}\u001b[0m` : text;
}

/** On a terminal, what could not be assessed ends the report; logs and the JSON report have it always. */
function notAssessed(report: Report, options: FormatOptions): string {
  const found = report.diagnostics.filter((d) => d.severity !== 'info');
  if (found.length === 0 || options.width === undefined) return '';
  const lines = found.slice(0, 20).map((d) => `- ${oneLine(d.message)}${d.path ? ` (${oneLine(d.path)})` : ''}`);
  const more = found.length > 20 ? [`- and ${found.length - 20} more; --format json lists all`] : [];
  return `\nNot assessed\n============\n${[...lines, ...more].join('\n')}\n`;
}
