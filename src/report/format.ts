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
  /** Of the CycloneDX specification; the newest by default. */
  readonly cyclonedxVersion?: '1.6' | '1.7';
  /** Of the SPDX specification, for `spdx-json`; 2.3 by default. */
  readonly spdxVersion?: '2.3' | '3.0';
  /** Absolute path of the directory that was scanned. */
  readonly root?: string;
  /** The run of GitHub Actions that a dependency snapshot belongs to. */
  readonly github?: GitHubRun;
  /** List what was taken out of the results, too. */
  readonly showSuppressed?: boolean;
  /** What `template` runs; the name is for messages. */
  readonly template?: { readonly name: string; readonly text: string };
  /** Variables of the environment, for formats that tell of the account or run they are written for. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Empty where not known. */
export interface GitHubRun {
  readonly ref: string;
  readonly sha: string;
  readonly workflow: string;
  readonly job: string;
  readonly runId: string;
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
