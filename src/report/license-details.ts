/** The licenses of one target in the table format: which package is under which, and what that asks for. */
import { oneLine } from '#base';
import type { Result, Severity } from '#model';
import { boxTable } from './box-table.js';
import { maxWidth } from './column-width.js';
import type { FormatOptions } from './format.js';

const severityColumn = 3;

/** `counts` are the findings by severity; `paint` colors a severity. */
export function licenseDetails(
  { target, licenses = [] }: Result,
  counts: string,
  { width }: FormatOptions,
  paint: (text: string, severity: Severity) => string,
): string {
  const heading = `${oneLine(target)} (license)`;
  const rows = licenses.map(({ packageName, name, category, severity }) => [
    oneLine(packageName),
    oneLine(name),
    category,
    severity,
  ]);
  const table = boxTable(rows, {
    columns: [
      { title: 'Package', align: 'left', merge: true, shrinkTo: 12, maxWidth },
      { title: 'License', align: 'left', merge: true, shrinkTo: 16, maxWidth },
      { title: 'Classification', align: 'left', merge: true },
      { title: 'Severity', align: 'left', merge: true },
    ],
    ...(width === undefined ? {} : { width }),
    paint: (text, column, cell) => (column === severityColumn ? paint(text, cell as Severity) : text),
  });
  return `\n${heading}\n${'='.repeat(heading.length)}\nTotal: ${licenses.length} (${counts})\n\n${table}`;
}
