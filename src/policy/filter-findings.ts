/** What is left of a result's findings after the user's severities, statuses, ignore files and policy; deduplicated and sorted. */
import {
  compareVulnerabilities,
  dedupKey,
  type Finding,
  type Result,
  type Severity,
  type Status,
  type Suppressed,
  type Vulnerability,
} from '#model';
import type { IgnoreEntry } from './ignore-entry.js';
import type { IgnoreRules } from './ignore-rules.js';

export interface FindingFilter {
  readonly severities: readonly Severity[];
  readonly ignoredStatuses: readonly Status[];
  readonly ignore?: IgnoreRules;
  readonly policy?: FindingPolicy;
}

/** A policy, ready to be asked about findings. */
export interface FindingPolicy {
  readonly source: string;
  readonly statement: string;
  ignores(finding: Finding, result: Result): boolean;
}

export function filterResult(result: Result, filter: FindingFilter): Result {
  const { severities, ignoredStatuses, ignore } = filter;
  const suppressed: Suppressed[] = [];
  const keep = <F extends Finding>(finding: F, entry: IgnoreEntry | undefined): boolean => {
    if (entry) suppressed.push(ignored(finding, entry));
    return !entry;
  };
  const wanted = (finding: Finding): boolean => severities.includes(finding.severity);
  const vulnerabilities = result.vulnerabilities.filter(
    (v) => wanted(v) && !ignoredStatuses.includes(v.status) && keep(v, ignore?.vulnerability(v, result.target)),
  );
  const secrets = result.secrets?.filter((s) => wanted(s) && keep(s, ignore?.secret(s, result.target)));
  const licenses = result.licenses?.filter((l) => wanted(l) && keep(l, ignore?.license(l)));
  const allowed = <F extends Finding>(findings: readonly F[]): readonly F[] =>
    filter.policy ? findings.filter((f) => !byPolicy(f, result, filter.policy!, suppressed)) : findings;
  const unique = [...allowed([...deduplicate(vulnerabilities)])].sort(compareVulnerabilities);
  return {
    ...result,
    vulnerabilities: unique,
    ...(secrets && { secrets: allowed(secrets) }),
    ...(licenses && { licenses: allowed(licenses) }),
    ...(suppressed.length > 0 && { suppressed: [...(result.suppressed ?? []), ...suppressed] }),
  };
}

const ignored = (finding: Finding, { statement, source }: IgnoreEntry): Suppressed => ({
  status: 'ignored',
  statement,
  source,
  finding,
});

function byPolicy(finding: Finding, result: Result, policy: FindingPolicy, suppressed: Suppressed[]): boolean {
  if (!policy.ignores(finding, result)) return false;
  const { statement, source } = policy;
  suppressed.push({ status: 'ignored', statement, source, finding });
  return true;
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
