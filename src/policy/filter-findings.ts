/** What is left of a result's findings after the user's severities, statuses and suppressions; deduplicated and sorted. */
import { compareVulnerabilities, dedupKey, type Result, type Severity, type Status, type Vulnerability } from '#model';

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
    const key = dedupKey(v);
    const other = unique.get(key);
    if (!other || (v.fixedVersion ?? '') > (other.fixedVersion ?? '')) unique.set(key, v);
  }
  return unique.values();
}
