/** What is left of a result's findings after the user's severities, statuses and suppressions; deduplicated and sorted. */
import { severities, type Result, type Severity, type Status, type Vulnerability } from '#model';

export interface FindingFilter {
  readonly severities: readonly Severity[];
  readonly ignoredStatuses: readonly Status[];
}

export function filterResult(result: Result, filter: FindingFilter): Result {
  const kept = result.vulnerabilities.filter(
    (v) => filter.severities.includes(v.severity) && !filter.ignoredStatuses.includes(v.status),
  );
  return { ...result, vulnerabilities: [...deduplicate(kept)].sort(compareVulnerabilities) };
}

/** Of equal findings the one with the greater fixed version, as text, stays. */
function deduplicate(vulnerabilities: readonly Vulnerability[]): Iterable<Vulnerability> {
  const unique = new Map<string, Vulnerability>();
  for (const v of vulnerabilities) {
    const key = [v.id, v.packageId, v.package.name, v.installedVersion, v.package.path].join('\0');
    const other = unique.get(key);
    if (!other || (v.fixedVersion ?? '') > (other.fixedVersion ?? '')) unique.set(key, v);
  }
  return unique.values();
}

/** Report order: package, id, version, severity (highest first), vulnerability, path. */
export function compareVulnerabilities(a: Vulnerability, b: Vulnerability): number {
  return (
    text(a.package.name, b.package.name) ||
    text(a.packageId ?? '', b.packageId ?? '') ||
    text(a.installedVersion, b.installedVersion) ||
    severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
    text(a.id, b.id) ||
    text(a.package.path ?? '', b.package.path ?? '')
  );
}

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
