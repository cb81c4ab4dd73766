/** The contract of an output format: a pure function of the report. */
import type { Report, Severity } from '#model';

export interface FormatOptions {
  /** Version of this program. */
  readonly version: string;
  readonly listPackages: boolean;
  /** Severities the user asked for; counts list only these. */
  readonly severities: readonly Severity[];
  readonly scanners: readonly string[];
  /** Columns of the terminal; undefined when the output is not one. */
  readonly width?: number;
  readonly color: boolean;
  readonly tableModes: readonly ('summary' | 'detailed')[];
  readonly dependencyTree: boolean;
}

export interface Format {
  /** As given to `--format`. */
  readonly id: string;
  readonly title: string;
  readonly mediaType: string;
  readonly extension: string;
  encode(report: Report, options: FormatOptions): AsyncIterable<string | Uint8Array>;
}

export function defineFormat<const T extends Format>(format: T): T {
  return format;
}
