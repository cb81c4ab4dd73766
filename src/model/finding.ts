import type { DataSource, Severity, Status, StoredCvss } from './advisory.js';
import type { Package } from './package.js';

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

export type ResultClass = 'os-pkgs' | 'lang-pkgs' | 'config' | 'secret' | 'license' | 'license-file' | 'custom';

/** Packages and findings of one target inside the artifact: the OS, a lock file, all installed packages of one language. */
export interface Result {
  readonly target: string;
  readonly class: ResultClass;
  readonly type?: string;
  readonly packages?: readonly Package[];
  readonly vulnerabilities: readonly Vulnerability[];
}
