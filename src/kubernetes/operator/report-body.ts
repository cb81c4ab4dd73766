/** From a report of this program to the body of a `VulnerabilityReport`; what is known of earlier findings is kept. */
import { compact } from '#base';
import { type Report, type Result, type Severity, severities, type Vulnerability } from '#model';
import { parseReference } from '#oci';
import { referenceOf } from '../cluster/running-image.js';
import type { ReportArtifact, ReportBody, ReportSummary, ReportVulnerability } from './vulnerability-report.js';

export interface BodyOptions {
  /** As the workload names it. */
  readonly image: string;
  readonly digest: string | undefined;
  readonly platform: string;
  /** Of this program. */
  readonly version: string;
  readonly firstSeen: ReadonlyMap<string, string>;
}

export function reportBody(report: Report, options: BodyOptions): ReportBody {
  const { metadata, database, createdAt } = report;
  const { family, name, endOfLife } = metadata.os ?? {};
  const { server, ...artifact } = artifactOf(options.image, options.digest ?? digestOf(report));
  const vulnerabilities = report.results
    .flatMap((result) =>
      result.vulnerabilities.map((one) => toVulnerability(one, result, createdAt, options.firstSeen)),
    )
    .sort(worstFirst);
  const incomplete = gaps(report);
  return {
    updateTimestamp: createdAt,
    scanner: { name: 'Pratique', vendor: 'pratique', version: options.version },
    ...(server && { registry: { server } }),
    artifact: { ...artifact, platform: options.platform },
    os: compact({ family, name, eosl: endOfLife }),
    summary: summaryOf(vulnerabilities),
    vulnerabilities,
    ...(database?.updatedAt && { database: { updatedAt: database.updatedAt } }),
    pratique: {
      scan: { phase: 'Succeeded', attempts: 0, lastSuccess: createdAt },
      ...(incomplete.length > 0 && { incomplete }),
    },
  };
}

export function artifactOf(image: string, digest: string | undefined): ReportArtifact & { server?: string } {
  const reference = referenceOf(image);
  const found = digest ?? reference?.digest;
  return {
    repository: reference?.repository ?? image,
    ...(found && { digest: found }),
    ...(reference?.tag && { tag: reference.tag }),
    ...(reference && { server: reference.registry }),
  };
}

/** Two findings are the same when they are of one advisory, package and place. */
export const identityOf = ({ vulnerabilityID, resource, target, packagePath }: ReportVulnerability): string =>
  [vulnerabilityID, resource, packagePath ?? kindOfTarget(target)].join(' ');

/** Targets of operating systems begin with the name of the image. */
const kindOfTarget = (target = ''): string => (target.includes(' (') ? 'os' : target);

export function firstSeenOf(body: ReportBody | undefined): ReadonlyMap<string, string> {
  const seen = new Map<string, string>();
  for (const one of [...(body?.vulnerabilities ?? []), ...(body?.pratique?.accepted ?? [])]) {
    const since = (one as Partial<ReportVulnerability>).pratique?.firstSeen ?? body?.updateTimestamp;
    if (since) seen.set(identityOf(one), since);
  }
  return seen;
}

function toVulnerability(
  one: Vulnerability,
  { target, class: kind, type }: Result,
  now: string,
  firstSeen: ReadonlyMap<string, string>,
): ReportVulnerability {
  const found: ReportVulnerability = {
    vulnerabilityID: one.id,
    resource: one.package.name,
    installedVersion: one.installedVersion,
    fixedVersion: one.fixedVersion ?? '',
    publishedDate: one.publishedDate ?? '',
    lastModifiedDate: one.lastModifiedDate ?? '',
    severity: one.severity,
    title: one.title ?? '',
    target,
    class: kind,
    ...compact({
      primaryLink: one.primaryUrl,
      score: scoreOf(one),
      packageType: type,
      packagePath: one.package.path,
      packagePURL: one.package.purl,
    }),
    pratique: {
      status: one.status,
      firstSeen: now,
      ...compact({
        layer: one.package.layer?.digest ?? one.package.layer?.diffId,
        severitySource: one.severitySource,
        vendorIds: one.vendorIds,
      }),
    },
  };
  const since = firstSeen.get(identityOf(found));
  return since === undefined ? found : { ...found, pratique: { ...found.pratique, firstSeen: since } };
}

/** Of CVSS 3: NVD's, else the one of the source that decided the severity. */
function scoreOf({ cvss = {}, severitySource = '' }: Vulnerability): number | undefined {
  const of = (source: string): number | undefined => (Object.hasOwn(cvss, source) ? cvss[source]?.V3Score : undefined);
  return of('nvd') ?? of(severitySource);
}

const rank = (severity: string): number => severities.indexOf(severity as Severity);

export function worstFirst(a: ReportVulnerability, b: ReportVulnerability): number {
  return (
    rank(b.severity) - rank(a.severity) ||
    Number(b.fixedVersion !== '') - Number(a.fixedVersion !== '') ||
    (a.vulnerabilityID < b.vulnerabilityID ? -1 : a.vulnerabilityID > b.vulnerabilityID ? 1 : 0)
  );
}

export function summaryOf(vulnerabilities: readonly ReportVulnerability[]): ReportSummary {
  const count = (severity: Severity): number => vulnerabilities.filter((one) => one.severity === severity).length;
  return {
    criticalCount: count('CRITICAL'),
    highCount: count('HIGH'),
    mediumCount: count('MEDIUM'),
    lowCount: count('LOW'),
    unknownCount: count('UNKNOWN'),
    noneCount: 0,
  };
}

function digestOf({ metadata }: Report): string | undefined {
  const [first] = metadata.repoDigests ?? [];
  return first === undefined ? undefined : parseReference(first).digest;
}

const MAX_GAPS = 20;

function gaps({ results, diagnostics }: Report): string[] {
  return [
    ...results
      .filter(({ assessed }) => assessed === false)
      .map(({ target }) => `the packages of ${target} could not be compared with advisories`),
    ...diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message.slice(0, 500)),
  ].slice(0, MAX_GAPS);
}
