/** The vulnerabilities of a target that an ignore file, a policy or VEX took out, as a table; nothing when there are none. */
import { oneLine } from '#base';
import type { Result, Severity, Suppressed, Vulnerability } from '#model';
import { boxTable } from './box-table.js';
import { maxWidth } from './column-width.js';
import type { FormatOptions } from './format.js';

export function suppressedTable(
  result: Result,
  options: FormatOptions,
  paint: (text: string, severity: Severity) => string,
): string {
  const rows = (result.suppressed ?? []).flatMap((s) => (s.finding.kind === 'vulnerability' ? row(s, s.finding) : []));
  if (rows.length === 0) return '';
  const heading = `Suppressed Vulnerabilities (Total: ${rows.length})`;
  const table = boxTable(rows, {
    columns: [
      { title: 'Library', align: 'left', merge: true, shrinkTo: 12, maxWidth },
      { title: 'Vulnerability', align: 'left', merge: true, shrinkTo: 16, maxWidth },
      { title: 'Severity', align: 'left', merge: true },
      { title: 'Status', align: 'left', merge: true },
      { title: 'Statement', align: 'left', merge: true, shrinkTo: 12, maxWidth },
      { title: 'Source', align: 'left', merge: true, shrinkTo: 12, maxWidth },
    ],
    ...(options.width === undefined ? {} : { width: options.width }),
    paint: (text, column, cell) => (column === 2 ? paint(text, cell as Severity) : text),
  });
  return `\n${heading}\n${'='.repeat(heading.length)}\n${table}`;
}

const row = ({ status, statement, source }: Suppressed, { package: pkg, id, severity }: Vulnerability): string[][] => [
  [oneLine(pkg.name), oneLine(id), severity, status, oneLine(statement) || 'N/A', oneLine(source)],
];
