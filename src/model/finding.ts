import type { DataSource, Severity, Status, StoredCvss } from './advisory.js';
import type { LayerRef, Package } from './package.js';

/** An advisory met in a target. */
export interface Vulnerability {
  readonly kind: 'vulnerability';
  readonly id: string;
  readonly vendorIds?: readonly string[];
  readonly package: Package;
  /** `package.id`, except where the reference leaves it blank. */
  readonly packageId?: string;
  /** As compared: with epoch and release. */
  readonly installedVersion: string;
  readonly fixedVersion?: string;
  readonly status: Status;
  readonly severity: Severity;
  readonly severitySource?: string;
  readonly primaryUrl?: string;
  readonly dataSource?: DataSource;
  readonly title?: string;
  readonly description?: string;
  readonly cweIds?: readonly string[];
  readonly vendorSeverity?: Readonly<Record<string, number>>;
  readonly cvss?: Readonly<Record<string, StoredCvss>>;
  readonly references?: readonly string[];
  readonly publishedDate?: string;
  readonly lastModifiedDate?: string;
}

/** A line of the file around a secret; content is censored. */
export interface CodeLine {
  /** 1-based. */
  readonly number: number;
  readonly content: string;
  readonly isCause: boolean;
  readonly truncated: boolean;
  readonly firstCause: boolean;
  readonly lastCause: boolean;
}

/** A credential in a file, censored. */
export interface Secret {
  readonly kind: 'secret';
  readonly ruleId: string;
  readonly category: string;
  readonly severity: Severity;
  readonly title: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly code: readonly CodeLine[];
  /** The matching line with every secret replaced by `*`. */
  readonly match: string;
  /** Bytes from the start of the file. */
  readonly offset?: number;
  readonly layer?: LayerRef & { readonly createdBy?: string };
}

export type LicenseCategory =
  'forbidden' | 'restricted' | 'reciprocal' | 'notice' | 'permissive' | 'unencumbered' | 'unknown';

/** A license of a package or file, with the user's view of its category. */
export interface LicenseFinding {
  readonly kind: 'license';
  readonly severity: Severity;
  readonly category: LicenseCategory;
  readonly packageName: string;
  readonly filePath: string;
  readonly name: string;
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly link: string;
}

export type Finding = Vulnerability | Secret | LicenseFinding;

/** A finding that the user or a statement took out of the report, with the reason. */
export interface Suppressed {
  readonly status: Status | 'ignored';
  readonly statement: string;
  /** File, policy or document that says so. */
  readonly source: string;
  readonly finding: Finding;
}

export type ResultClass = 'os-pkgs' | 'lang-pkgs' | 'config' | 'secret' | 'license' | 'license-file' | 'custom';

/** Packages and findings of one target inside the artifact: the OS, a lock file, all installed packages of one language. */
export interface Result {
  readonly target: string;
  readonly class: ResultClass;
  readonly type?: string;
  readonly packages?: readonly Package[];
  /** False when the packages could not be compared with advisories: no findings does not mean clean. */
  readonly assessed?: false;
  readonly vulnerabilities: readonly Vulnerability[];
  readonly secrets?: readonly Secret[];
  readonly licenses?: readonly LicenseFinding[];
  readonly suppressed?: readonly Suppressed[];
}
