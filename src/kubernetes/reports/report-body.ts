/** From a report of this program to the body of a `VulnerabilityReport`; what is known of earlier findings is kept. */
import { compact } from '#base';
import { type Report, type Result, type Severity, severities, type Vulnerability } from '#model';
import { type Assessment, headOf, type NamedImage, succeeded } from './report-head.js';
import type { ReportBody, ReportSummary, ReportVulnerability } from './vulnerability-report.js';

/** Findings are sorted once; each workload has its own name of the image and its own past. */
export function reportBody(
  assessment: Assessment,
): (about: NamedImage, firstSeen: ReadonlyMap<string, string>) => ReportBody {
  const { report, lists, isPartial } = assessment;
  const { metadata, database } = report;
  const created = Date.parse(metadata.imageConfig?.created ?? '');
  const { family, name, endOfLife } = metadata.os ?? {};
  const found = report.results
    .flatMap((result) => result.vulnerabilities.map((one) => toVulnerability(one, result, assessment)))
    .sort(worstFirst);
  const summary = summaryOf(found);
  const incomplete = gaps(report);
  return (about, firstSeen) => ({
    ...headOf(assessment, about),
    os: compact({ family, name, eosl: endOfLife }),
    summary,
    vulnerabilities: found.map((one) => {
      const since = firstSeen.get(identityOf(one));
      return since === undefined ? one : { ...one, pratique: { ...one.pratique, firstSeen: since } };
    }),
    ...(database?.updatedAt && { database: { updatedAt: database.updatedAt, lists } }),
    pratique: {
      scan: succeeded(report),
      ...(!Number.isNaN(created) && { created: new Date(created).toISOString() }),
      ...(isPartial && { partial: true as const }),
      ...(incomplete.length > 0 && { incomplete }),
    },
  });
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
  { report, knownExploited, exploitProbability }: Assessment,
): ReportVulnerability {
  return {
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
      firstSeen: report.createdAt,
      ...compact({
        layer: one.package.layer?.digest ?? one.package.layer?.diffId,
        severitySource: one.severitySource,
        vendorIds: one.vendorIds,
        epss: exploitProbability(one.id),
      }),
      ...(knownExploited(one.id) && { knownExploited: true as const }),
    },
  };
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

const MAX_GAPS = 20;

function gaps({ results, diagnostics }: Report): string[] {
  return [
    ...results
      .filter(({ assessed }) => assessed === false)
      .map(({ target }) => `the packages of ${target} could not be compared with advisories`),
    ...diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message.slice(0, 500)),
  ].slice(0, MAX_GAPS);
}
