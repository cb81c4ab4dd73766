/** An advisory that applies to a package, before the vulnerability's details are read. */
import type { DataSource, Package, Severity, SeverityLevel, Status } from '#model';
import { severities, statuses } from '#model';

/** All fields are always there, so that the thousands of hits of a scan share one shape. */
export interface Hit {
  readonly id: string;
  readonly package: Package;
  readonly packageId: string | undefined;
  readonly installedVersion: string;
  readonly fixedVersion: string | undefined;
  /** As the advisory states it; a hit with a fix is `fixed` whatever it says. */
  readonly status: Status | undefined;
  /** The advisory's own word on this package; it goes before all general ratings, `UNKNOWN` included. */
  readonly severity: StatedSeverity | undefined;
  readonly vendorIds: readonly string[] | undefined;
  readonly dataSource: DataSource | undefined;
}

export interface StatedSeverity {
  readonly level: SeverityLevel;
  readonly source: string;
}

/** A severity that an advisory states for its package; 0 (unknown) counts as none. */
export function statedSeverity(level: number | undefined, source: string | undefined): StatedSeverity | undefined {
  return source && isLevel(level) && level > 0 ? { level, source } : undefined;
}

export function isLevel(level: number | undefined): level is SeverityLevel {
  return level !== undefined && severities[level] !== undefined;
}

export const severityName = (level: SeverityLevel): Severity => severities[level]!;

export function statedStatus(status: number | undefined): Status | undefined {
  const name = statuses[status ?? 0];
  return name === 'unknown' ? undefined : name;
}
