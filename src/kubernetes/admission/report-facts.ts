/** From a report of this program to the facts that policies judge. */
import { compact } from '#base';
import type { AdvisoryLookup, Report } from '#model';
import { severityOrder } from './severity-order.js';
import type { FactFinding, ImageFacts } from './image-facts.js';

export interface ScannedImage {
  readonly repository: string;
  readonly digest: string;
  readonly platform: string;
  /** What the advisory database tells of vulnerabilities beyond advisories. */
  readonly lookup: Pick<AdvisoryLookup, 'knownExploited' | 'exploitProbability' | 'hasBucket'>;
}

export function reportFacts(report: Report, { repository, digest, platform, lookup }: ScannedImage): ImageFacts {
  const findings = new Map<string, FactFinding>();
  for (const {
    id,
    vendorIds,
    severity,
    package: found,
    installedVersion,
    fixedVersion,
    publishedDate,
  } of report.results.flatMap(({ vulnerabilities }) => vulnerabilities)) {
    const publishedAt = publishedDate === undefined ? NaN : Date.parse(publishedDate);
    findings.set(`${id} ${found.name} ${installedVersion}`, {
      id,
      severity,
      package: found.name,
      version: installedVersion,
      ...compact({ vendorIds, purl: found.purl }),
      ...(fixedVersion && { fixedVersion }),
      ...(!Number.isNaN(publishedAt) && { publishedAt }),
      ...(lookup.knownExploited?.(id) && { exploited: true as const }),
      ...compact({ epss: lookup.exploitProbability?.(id)?.score }),
    });
  }
  const incomplete = gaps(report);
  const createdAt = Date.parse(report.metadata.imageConfig?.created ?? '');
  const lacking = (
    [
      ['exploited', lookup.hasBucket('KEV')],
      ['epss', lookup.hasBucket('EPSS')],
      ['created', !Number.isNaN(createdAt)],
    ] as const
  ).flatMap(([measure, told]) => (told ? [] : [measure]));
  return {
    repository,
    digest,
    platform,
    scannedAt: Date.parse(report.createdAt),
    databaseVersion: `${report.database?.kind ?? 'none'} ${report.database?.updatedAt ?? ''}`.trim(),
    findings: [...findings.values()].sort(severityOrder),
    ...(!Number.isNaN(createdAt) && { createdAt }),
    ...(lacking.length > 0 && { lacking }),
    ...(incomplete !== undefined && { incomplete }),
  };
}

/** What the report says it could not assess. */
function gaps({ results, diagnostics }: Report): string | undefined {
  const unassessed = results.find(({ assessed }) => assessed === false);
  if (unassessed) return `the packages of ${unassessed.target} could not be compared with advisories`;
  return diagnostics.find(({ severity }) => severity === 'error')?.message;
}
