/**
 * Facts as Kubernetes resources: `VulnerabilityReport` as operators write it (read only), and our own `ImageAssessment`,
 * through which the replicas of the webhook share what they scanned and which outlives them.
 * Reads   objects of unknown shape; what is no report is `undefined`.
 * Limits  20,000 findings a report; an assessment is written only when it is smaller than 512 KiB, so that the API
 *         server's store is not burdened: others then scan themselves.
 * Source  https://github.com/aquasecurity/trivy-operator (docs/docs/crds/vulnerability-report.md)
 */
import { createHash } from 'node:crypto';
import { fieldOf, listOf, textOf, textsOf } from '#formats';
import { severities } from '#model';
import { defineResource, type KubernetesObject } from '../client/object.js';
import type { FactFinding, ImageFacts, Measure } from './image-facts.js';
import { severityOrder } from './severity-order.js';

export const vulnerabilityReports = defineResource(
  'aquasecurity.github.io/v1alpha1/vulnerabilityreports',
  'VulnerabilityReport',
);

export interface ImageAssessment extends KubernetesObject {
  readonly spec: {
    readonly digest: string;
    readonly platform: string;
    readonly repository?: string;
    readonly scannedAt: string;
    readonly database: string;
    readonly created?: string;
    readonly lacking?: readonly Measure[];
    readonly incomplete?: string;
    readonly absent?: boolean;
    readonly findings: readonly object[];
  };
}

export const imageAssessments = defineResource<ImageAssessment>(
  'pratique.dev/v1alpha1/imageassessments',
  'ImageAssessment',
);

const MAX_FINDINGS = 20_000;
const MAX_OBJECT = 512 * 1024;

export function factsOfReport(object: KubernetesObject): ImageFacts | undefined {
  const report = fieldOf(object, 'report');
  const digest = textOf(report, 'artifact', 'digest') ?? '';
  const scannedAt = Date.parse(textOf(report, 'updateTimestamp') ?? '');
  if (!isDigest(digest) || Number.isNaN(scannedAt)) return undefined;
  // Policies choose among all findings.
  if (fieldOf(report, 'pratique', 'partial') === true) return undefined;
  // What the namespace of the report accepts is for others to judge.
  const all = [...listOf(report, 'vulnerabilities'), ...listOf(fieldOf(report, 'pratique'), 'accepted')];
  const truncated = all.length > MAX_FINDINGS || fieldOf(report, 'truncated') === true;
  const platform = textOf(report, 'artifact', 'platform');
  const untold = untoldBy(report);
  const createdAt = Date.parse(textOf(report, 'pratique', 'created') ?? '');
  const incomplete = truncated
    ? 'the report holds only a part of the findings'
    : textsOf(report, 'pratique', 'incomplete')[0];
  return {
    digest,
    platform,
    scannedAt,
    databaseVersion: textOf(report, 'database', 'updatedAt') ?? `report of ${new Date(scannedAt).toISOString()}`,
    findings: all.slice(0, MAX_FINDINGS).flatMap(reportFinding).sort(severityOrder),
    ...(untold.length > 0 && { untold }),
    ...(!Number.isNaN(createdAt) && { createdAt }),
    ...(incomplete !== undefined && { incomplete }),
  };
}

/** Our own operator says of which lists its database has; others know of none. */
function untoldBy(report: unknown): readonly Measure[] {
  const told = textsOf(report, 'database', 'lists');
  const untold = (['epss', 'exploited'] as const).filter((one) => !told.includes(one));
  return textOf(report, 'pratique', 'created') === undefined ? ['created', ...untold] : untold;
}

function reportFinding(value: unknown): FactFinding[] {
  const id = textOf(value, 'vulnerabilityID') ?? '';
  const publishedAt = Date.parse(textOf(value, 'publishedDate') ?? '');
  const fixedVersion = textOf(value, 'fixedVersion');
  if (id === '') return [];
  return [
    {
      id,
      severity: severities.find((one) => one === textOf(value, 'severity')) ?? 'UNKNOWN',
      package: textOf(value, 'resource') ?? '',
      version: textOf(value, 'installedVersion') ?? '',
      ...namesOf(textsOf(value, 'pratique', 'vendorIds'), textOf(value, 'packagePURL')),
      ...(fixedVersion && { fixedVersion }),
      ...(!Number.isNaN(publishedAt) && { publishedAt }),
      ...measured(fieldOf(value, 'pratique', 'knownExploited'), fieldOf(value, 'pratique', 'epss', 'score')),
    },
  ];
}

/** One name for each digest and platform. */
export const assessmentName = (digest: string, platform: string): string =>
  createHash('sha256').update(`${digest} ${platform}`).digest('hex').slice(0, 40);

/** `undefined`: too large to be shared, or of no platform. */
export function assessmentOf(facts: ImageFacts, namespace: string): ImageAssessment | undefined {
  const { digest, platform } = facts;
  if (platform === undefined) return undefined;
  const metadata = { name: assessmentName(digest, platform), namespace };
  const object = { metadata, spec: assessmentSpec({ ...facts, platform }) };
  return JSON.stringify(object).length > MAX_OBJECT ? undefined : object;
}

export function assessmentSpec(facts: ImageFacts & { readonly platform: string }): ImageAssessment['spec'] {
  const { digest, platform, repository, scannedAt, databaseVersion, createdAt, incomplete, lacking, absent, findings } =
    facts;
  return {
    digest,
    platform,
    ...(repository !== undefined && { repository }),
    scannedAt: new Date(scannedAt).toISOString(),
    database: databaseVersion,
    ...(createdAt !== undefined && { created: new Date(createdAt).toISOString() }),
    ...(lacking && { lacking }),
    ...(incomplete !== undefined && { incomplete }),
    ...(absent && { absent }),
    findings: findings.map(({ publishedAt, ...rest }) => ({
      ...rest,
      ...(publishedAt !== undefined && { published: new Date(publishedAt).toISOString() }),
    })),
  };
}

export function factsOfAssessment(object: KubernetesObject): ImageFacts | undefined {
  const spec = fieldOf(object, 'spec');
  const digest = textOf(spec, 'digest') ?? '';
  const platform = textOf(spec, 'platform');
  const scannedAt = Date.parse(textOf(spec, 'scannedAt') ?? '');
  if (!isDigest(digest) || platform === undefined || Number.isNaN(scannedAt)) return undefined;
  const incomplete = textOf(spec, 'incomplete');
  const repository = textOf(spec, 'repository');
  const createdAt = Date.parse(textOf(spec, 'created') ?? '');
  const lacking = textsOf(spec, 'lacking').filter(isMeasure);
  return {
    digest,
    platform,
    ...(repository !== undefined && { repository }),
    scannedAt,
    databaseVersion: textOf(spec, 'database') ?? '',
    ...(!Number.isNaN(createdAt) && { createdAt }),
    ...(lacking.length > 0 && { lacking }),
    findings: listOf(spec, 'findings').slice(0, MAX_FINDINGS).flatMap(assessedFinding),
    ...(incomplete !== undefined && { incomplete }),
    ...(fieldOf(spec, 'absent') === true && { absent: true as const }),
  };
}

function assessedFinding(value: unknown): FactFinding[] {
  const id = textOf(value, 'id') ?? '';
  const publishedAt = Date.parse(textOf(value, 'published') ?? '');
  const fixedVersion = textOf(value, 'fixedVersion');
  if (id === '') return [];
  return [
    {
      id,
      severity: severities.find((one) => one === textOf(value, 'severity')) ?? 'UNKNOWN',
      package: textOf(value, 'package') ?? '',
      version: textOf(value, 'version') ?? '',
      ...namesOf(textsOf(value, 'vendorIds'), textOf(value, 'purl')),
      ...(fixedVersion && { fixedVersion }),
      ...(!Number.isNaN(publishedAt) && { publishedAt }),
      ...measured(fieldOf(value, 'exploited'), fieldOf(value, 'epss')),
    },
  ];
}

const measured = (exploited: unknown, epss: unknown) => ({
  ...(exploited === true && { exploited: true as const }),
  ...(typeof epss === 'number' && epss >= 0 && epss <= 1 && { epss }),
});

const namesOf = (vendorIds: readonly string[], purl: string | undefined) => ({
  ...(vendorIds.length > 0 && { vendorIds }),
  ...(purl && { purl }),
});

const isMeasure = (text: string): text is Measure => text === 'exploited' || text === 'epss' || text === 'created';
const isDigest = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);
