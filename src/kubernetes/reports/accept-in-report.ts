/**
 * Parts the findings of a report in those that are open and those that exceptions of the namespace accept. Accepted ones do
 * not count in the summary and stay below `pratique.accepted`, so that they come back without another scan.
 */
import { acceptedBy, type FindingException } from '#policy';
import { type ReportState } from './report-state.js';
import { summaryOf, worstFirst } from './report-body.js';
import type { AcceptedVulnerability, ReportBody, ReportVulnerability } from './vulnerability-report.js';

/** A truncated report stays as it is: what was left out of it cannot be judged. */
export function acceptInReport(body: ReportBody, exceptions: readonly FindingException[], now: Date): ReportBody {
  const { accepted: former = [], ...rest } = body.pratique;
  if (body.truncated || (exceptions.length === 0 && former.length === 0)) return body;
  const open: ReportVulnerability[] = [];
  const accepted: AcceptedVulnerability[] = [];
  const all = former.length === 0 ? (body.vulnerabilities ?? []) : allFindings(body).sort(worstFirst);
  for (const one of all) {
    const exception = acceptedBy(exceptions, subjectOf(one), now.getTime());
    if (exception) accepted.push(acceptedFinding(one, exception));
    else open.push(one);
  }
  return {
    ...body,
    ...(body.summary && { summary: summaryOf(open) }),
    vulnerabilities: open,
    pratique: { ...rest, ...(accepted.length > 0 && { accepted }) },
  };
}

/** Open and accepted ones, as if nothing was accepted. */
export function allFindings({ vulnerabilities = [], pratique }: ReportBody): ReportVulnerability[] {
  const accepted = (pratique?.accepted ?? []).map((one): ReportVulnerability => {
    const { acceptance: _, ...own } = one.pratique;
    return { ...one, pratique: own };
  });
  return [...vulnerabilities, ...accepted];
}

/** For the state of the report: findings by name of the exception. Names of objects hold neither `=` nor `,`. */
export function acceptedCounts({ pratique }: ReportBody): Pick<ReportState, 'accepted'> {
  const counts = new Map<string, number>();
  for (const {
    pratique: { acceptance },
  } of pratique.accepted ?? [])
    counts.set(acceptance.exception, (counts.get(acceptance.exception) ?? 0) + 1);
  if (counts.size === 0) return {};
  return { accepted: [...counts].map(([name, count]) => `${name}=${count}`).join(',') };
}

const subjectOf = ({ vulnerabilityID, resource, packagePURL, pratique }: ReportVulnerability) => ({
  id: vulnerabilityID,
  vendorIds: pratique.vendorIds,
  package: resource,
  purl: packagePURL,
});

function acceptedFinding(one: ReportVulnerability, exception: FindingException): AcceptedVulnerability {
  const { name, owner = '', reason, expires } = exception;
  const acceptance = {
    exception: name.slice(name.lastIndexOf('/') + 1),
    owner,
    reason,
    until: new Date(expires).toISOString(),
  };
  return { ...one, pratique: { ...one.pratique, acceptance } };
}
