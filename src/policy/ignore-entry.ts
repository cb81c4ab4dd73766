/** What a user takes out of reports: the entries of ignore files, however they are written. */
import type { PackageUrl } from '#formats';
import type { Diagnostic } from '#model';

export type FindingKind = 'vulnerability' | 'misconfiguration' | 'secret' | 'license';

export interface IgnoreEntry {
  readonly id: string;
  /** Absent: findings of every kind. */
  readonly kind?: FindingKind;
  /** Any of them; absent: everywhere. */
  readonly paths?: readonly RegExp[];
  /** Any of them; absent: every package. */
  readonly purls?: readonly PackageUrl[];
  /** First instant at which the entry does not count any more. */
  readonly expires?: Date;
  readonly statement: string;
  /** The ignore file, as the user named it. */
  readonly source: string;
  /** Where in the file: `line 3`, `vulnerabilities[2]`. */
  readonly place: string;
  /** 1-based, where the format has lines. */
  readonly line?: number;
  /** A rule for all scans, of which nobody expects that it meets something each time. */
  readonly standing?: true;
}

export interface IgnoreFile {
  readonly entries: readonly IgnoreEntry[];
  /** Entries that were left out because they cannot be understood. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A day (`2030-01-31`, its first instant in UTC) or a time of RFC 3339. */
export function parseExpiry(text: string): Date | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (!match) return undefined;
  const day = new Date(`${match[1]!}T00:00:00Z`);
  // Days such as 2030-02-31 would move into the next month.
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== match[1]) return undefined;
  if (text.length === 10) return day;
  const time = new Date(/(?:[Zz]|[+-]\d\d:\d\d)$/.test(text) ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
