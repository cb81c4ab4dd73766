/** The summary of the table format: one row a target, or a file where a target gathers several. */
import { oneLine } from '#base';
import type { Report, Result } from '#model';
import { boxTable } from './box-table.js';
import type { FormatOptions } from './format.js';

const legend = "Legend:\n- '-': Not scanned\n- '0': Clean (no security findings detected)\n\n";
const aggregated: ReadonlySet<string> = new Set(['python-pkg', 'conda-pkg', 'gemspec', 'node-pkg', 'jar']);
const maxTarget = 80;

export function summaryTable(report: Report, options: FormatOptions): string {
  const rows = report.results.flatMap(resultRows);
  const shown = rows.length > 0 ? rows : [['-', '-', '-']];
  const table = boxTable(shown, {
    columns: [
      { title: 'Target', align: 'left', shrinkTo: Math.min(maxTarget, longest(shown)) },
      { title: 'Type', align: 'center' },
      { title: 'Vulnerabilities', align: 'center' },
    ],
    // The target column is never wider than the limit, whatever the terminal.
    width: Math.min(options.width ?? Infinity, tableWidth(shown)),
  });
  return `\nReport Summary\n\n${table}${legend}`;
}

const longest = (rows: readonly (readonly string[])[]): number =>
  Math.max('Target'.length, ...rows.map((row) => row[0]!.length));

function tableWidth(rows: readonly (readonly string[])[]): number {
  const type = Math.max('Type'.length, ...rows.map((row) => row[1]!.length));
  return Math.min(maxTarget, longest(rows)) + type + 'Vulnerabilities'.length + 10;
}

function resultRows(result: Result): string[][] {
  if (!aggregated.has(result.type ?? ''))
    return [[oneLine(result.target), result.type ?? '-', count(result, result.vulnerabilities.length)]];
  // Packages of a bill of materials may have no place of their own.
  const rowOf = (path = ''): string => fileOf(path) || result.target;
  const counts = new Map<string, number>();
  for (const pkg of result.packages ?? []) counts.set(rowOf(pkg.path), 0);
  for (const v of result.vulnerabilities) {
    const file = rowOf(v.package.path);
    counts.set(file, (counts.get(file) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, found]) => [oneLine(file), result.type!, count(result, found)]);
}

/** A target that could not be compared with advisories was not scanned, whatever else is known of it. */
const count = (result: Result, found: number): string => (result.assessed === false ? '-' : String(found));

/** Of archives inside archives, the outermost. */
function fileOf(path: string): string {
  const match = /^.*?\.(?:jar|war|par|ear)(?=\/)/i.exec(path);
  return match ? match[0] : path;
}
