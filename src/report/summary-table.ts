/** The summary of the table format: one row a target, or a file where a target gathers several. */
import { oneLine } from '#base';
import type { Report, Result } from '#model';
import { boxTable } from './box-table.js';
import type { FormatOptions } from './format.js';

const legend = "Legend:\n- '-': Not scanned\n- '0': Clean (no security findings detected)\n\n";
const aggregated: ReadonlySet<string> = new Set(['python-pkg', 'conda-pkg', 'gemspec', 'node-pkg', 'jar']);
const maxTarget = 80;

/** One column a kind of finding that was looked for, or that is there all the same. */
const kinds = [
  {
    scanner: 'vuln',
    title: 'Vulnerabilities',
    // A target that could not be compared with advisories was not scanned, whatever else is known of it.
    count: (result: Result) =>
      isPackages(result) && result.assessed !== false ? result.vulnerabilities.length : undefined,
  },
  {
    scanner: 'secret',
    title: 'Secrets',
    count: (result: Result) => (result.class === 'secret' ? (result.secrets?.length ?? 0) : undefined),
  },
  {
    scanner: 'license',
    title: 'Licenses',
    count: (result: Result) => (isLicense(result) ? (result.licenses?.length ?? 0) : undefined),
  },
] as const;

const isPackages = (result: Result): boolean => result.class === 'os-pkgs' || result.class === 'lang-pkgs';
const isLicense = (result: Result): boolean => result.class === 'license' || result.class === 'license-file';

export function summaryTable(report: Report, options: FormatOptions): string {
  const shownKinds = kinds.filter(
    ({ scanner, count }) => options.scanners.includes(scanner) || report.results.some((result) => count(result)),
  );
  const rows = report.results.flatMap((result) => resultRows(result, shownKinds));
  const shown = rows.length > 0 ? rows : [['-', '-', ...shownKinds.map(() => '-')]];
  const titles = shownKinds.map(({ title }) => title);
  const table = boxTable(shown, {
    columns: [
      { title: 'Target', align: 'left', shrinkTo: Math.min(maxTarget, longest(shown)) },
      { title: 'Type', align: 'center' },
      ...titles.map((title) => ({ title, align: 'center' as const })),
    ],
    // The target column is never wider than the limit, whatever the terminal.
    width: Math.min(options.width ?? Infinity, tableWidth(shown, titles)),
  });
  return `\nReport Summary\n\n${table}${legend}`;
}

const longest = (rows: readonly (readonly string[])[]): number =>
  Math.max('Target'.length, ...rows.map((row) => row[0]!.length));

function tableWidth(rows: readonly (readonly string[])[], titles: readonly string[]): number {
  const type = Math.max('Type'.length, ...rows.map((row) => row[1]!.length));
  const counts = titles.reduce((sum, title) => sum + title.length + 3, 0);
  return Math.min(maxTarget, longest(rows)) + type + counts + 7;
}

type Kinds = readonly (typeof kinds)[number][];

function resultRows(result: Result, shown: Kinds): string[][] {
  const type = result.class === 'secret' ? 'text' : oneLine(result.type ?? '-');
  if (!aggregated.has(result.type ?? ''))
    return [[oneLine(result.target), type, ...shown.map(({ count }) => String(count(result) ?? '-'))]];
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
    .map(([file, found]) => [
      oneLine(file),
      type,
      ...shown.map(({ scanner, count }) => (scanner === 'vuln' && count(result) !== undefined ? String(found) : '-')),
    ]);
}

/** Of archives inside archives, the outermost. */
function fileOf(path: string): string {
  const match = /^.*?\.(?:jar|war|par|ear)(?=\/)/i.exec(path);
  return match ? match[0] : path;
}
