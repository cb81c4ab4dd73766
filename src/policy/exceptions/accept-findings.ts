/** A report without what exceptions accept; that stays in `suppressed` of its result, with reason, owner and end. */
import { PratiqueError } from '#base';
import type { Diagnostic, Report, Result, Suppressed, Vulnerability } from '#model';
import { parseReference } from '#oci';
import type { FindingException } from './finding-exception.js';
import { coversFinding, acceptedBy, type ExceptionImage, exceptionsFor } from './match-exception.js';

export interface Accepted {
  readonly report: Report;
  /** Exceptions that a finding met, expired ones included. */
  readonly met: ReadonlySet<FindingException>;
}

export function acceptFindings(report: Report, exceptions: readonly FindingException[], now: Date): Accepted {
  const met = new Set<FindingException>();
  const candidates = exceptionsFor(exceptions, namesOf(report));
  if (candidates.length === 0) return { report, met };
  const results = report.results.map((result) => acceptInResult(result, candidates, now.getTime(), met));
  return { report: { ...report, results }, met };
}

function acceptInResult(
  result: Result,
  exceptions: readonly FindingException[],
  now: number,
  met: Set<FindingException>,
): Result {
  const suppressed: Suppressed[] = [];
  const vulnerabilities = result.vulnerabilities.filter((finding) => {
    const subject = subjectOf(finding);
    for (const one of exceptions) if (!met.has(one) && coversFinding(one, subject)) met.add(one);
    const exception = acceptedBy(exceptions, subject, now);
    if (exception)
      suppressed.push({ status: 'ignored', statement: statementOf(exception), source: exception.name, finding });
    return !exception;
  });
  if (suppressed.length === 0) return result;
  return { ...result, vulnerabilities, suppressed: [...(result.suppressed ?? []), ...suppressed] };
}

const subjectOf = ({ id, vendorIds, package: { name, purl } }: Vulnerability) => ({
  id,
  vendorIds,
  package: name,
  purl,
});

/** `not reachable (accepted by team-shop until 2026-12-31T00:00:00Z)` */
export function statementOf({
  reason,
  owner,
  expires,
}: Pick<FindingException, 'reason' | 'owner' | 'expires'>): string {
  const until = new Date(expires).toISOString().replace('.000Z', 'Z');
  return `${reason} (accepted${owner === undefined ? '' : ` by ${owner}`} until ${until})`;
}

/** What the user should know of the exceptions of a file. */
export function exceptionRemarks(
  exceptions: readonly FindingException[],
  { met }: Pick<Accepted, 'met'>,
  now: Date,
  path: string,
): readonly Diagnostic[] {
  return exceptions.flatMap((one): Diagnostic[] => {
    if (!met.has(one))
      return [{ code: 'exception/unused', severity: 'info', message: `${one.name} met no finding of this scan`, path }];
    if (one.expires > now.getTime()) return [];
    const day = new Date(one.expires).toISOString().slice(0, 10);
    const message = `${one.name} expired on ${day} and counts no more`;
    return [{ code: 'exception/expired', severity: 'info', message, path }];
  });
}

function namesOf({ artifactName, artifactType, metadata }: Report): readonly ExceptionImage[] {
  if (artifactType !== 'container_image') return [];
  const { repoTags = [], repoDigests = [], reference } = metadata;
  return [artifactName, ...repoTags, ...repoDigests, ...(reference === undefined ? [] : [reference])].flatMap(
    (text) => {
      try {
        const { registry, repository, digest } = parseReference(text);
        return [{ repository: `${registry}/${repository}`, digest }];
      } catch (error) {
        // Such as the path of an archive.
        if (error instanceof PratiqueError) return [];
        throw error;
      }
    },
  );
}
