/** Options of everything that makes a report, from a scan or from a report: formats, outputs, filters, exit codes. */
import { statuses, type Severity, type Status } from '#model';
import type { FilterChoice } from '#scan';
import type { OptionName, Options } from '../option-table.js';

export const reportOptionNames = [
  'scanners',
  'format',
  'template',
  'output',
  'severity',
  'exit-code',
  'incomplete-exit-code',
  'list-all-pkgs',
  'reproducible',
  'table-mode',
  'cyclonedx-version',
  'spdx-version',
  'dependency-tree',
  'ignorefile',
  'ignore-policy',
  'ignored-licenses',
  'exceptions',
  'show-suppressed',
  'ignore-unfixed',
  'ignore-status',
  'vex',
  'skip-vex-repo-update',
] as const satisfies readonly OptionName[];

export type ReportOptions = Options<(typeof reportOptionNames)[number]> & {
  readonly 'exit-on-eol'?: number;
  /** Directory that was scanned. */
  readonly root?: string;
};

/** Ignore files of the working directory are read when they are there; one that the user names must be. */
export function toFilterChoice(options: ReportOptions, explicit: ReadonlySet<OptionName>): FilterChoice {
  const required = explicit.has('ignorefile') && options.ignorefile !== '';
  const names = required ? [options.ignorefile] : ['.trivyignore', '.pratiqueignore'];
  return {
    severities: options.severity as readonly Severity[],
    ignoredStatuses: ignoredStatuses(options),
    ignoreFiles: names.map((path) => ({ path, required })),
    ...(options['ignore-policy'] && { ignorePolicy: options['ignore-policy'] }),
    exceptions: options.exceptions,
    ignoredLicenses: options['ignored-licenses'],
    vex: options.vex,
    skipVexUpdate: options['skip-vex-repo-update'],
  };
}

/** `--ignore-status` is the more exact word and wins over `--ignore-unfixed`. */
function ignoredStatuses(options: ReportOptions): readonly Status[] {
  const named = options['ignore-status'] as readonly Status[];
  if (named.length > 0) return named;
  return options['ignore-unfixed'] ? statuses.filter((status) => status !== 'fixed') : [];
}
