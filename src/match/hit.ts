/** An advisory that applies to a package, before the vulnerability's details are read. */
import type { AdvisoryRecord, DataSource, Package, Severity, SeverityLevel, Status } from '#model';
import { severities, statuses } from '#model';

export interface Hit {
  readonly id: string;
  readonly package: Package;
  readonly packageId?: string;
  readonly installedVersion: string;
  readonly fixedVersion?: string;
  /** As the advisory states it; a hit with a fix is `fixed` whatever it says. */
  readonly status?: Status;
  /** The advisory's own word on this package; it goes before all general ratings, `UNKNOWN` included. */
  readonly severity?: { readonly level: SeverityLevel; readonly source: string };
  readonly vendorIds?: readonly string[];
  readonly dataSource?: DataSource;
}

/** The parts of a hit that come from the record as it stands. */
export function fromRecord({ id, source }: AdvisoryRecord): Pick<Hit, 'id' | 'dataSource'> {
  return source ? { id, dataSource: source } : { id };
}

/** A severity that an advisory states for its package; 0 (unknown) counts as none. */
export function statedSeverity(level: number | undefined, source: string | undefined): Pick<Hit, 'severity'> {
  return source && isLevel(level) && level > 0 ? { severity: { level, source } } : {};
}

export function isLevel(level: number | undefined): level is SeverityLevel {
  return level !== undefined && severities[level] !== undefined;
}

export const severityName = (level: SeverityLevel): Severity => severities[level]!;

export function statedStatus(status: number | undefined): Pick<Hit, 'status'> {
  const name = statuses[status ?? 0];
  return name === undefined || name === 'unknown' ? {} : { status: name };
}
