/**
 * `SbomReport` and `ClusterSbomReport` of `aquasecurity.github.io/v1alpha1`: bills of materials, in CycloneDX.
 * Sources https://github.com/aquasecurity/trivy-operator (docs/docs/crds/sbom-report.md), https://cyclonedx.org/docs/1.6/json/
 */
import { listOf } from '#formats';
import { findFormat } from '#report';
import { defineResource } from '../client/object.js';
import type { ImageReport, ReportHead } from './image-report.js';
import { type Assessment, headOf, type NamedImage, succeeded } from './report-head.js';

export interface SbomBody extends ReportHead {
  readonly summary?: { readonly componentsCount: number; readonly dependenciesCount: number };
  readonly components?: Bill;
}

/** The CycloneDX document. */
export interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly components?: readonly BillComponent[];
  readonly dependencies?: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly [key: string]: unknown;
}

export interface BillComponent {
  readonly 'bom-ref'?: string;
  readonly [key: string]: unknown;
}

export const sbomReports = defineResource<ImageReport<SbomBody>>(
  'aquasecurity.github.io/v1alpha1/sbomreports',
  'SbomReport',
);

export const clusterSbomReports = defineResource<ImageReport<SbomBody>>(
  'aquasecurity.github.io/v1alpha1/clustersbomreports',
  'ClusterSbomReport',
  'cluster',
);

export async function sbomBody(assessment: Assessment): Promise<(about: NamedImage) => SbomBody> {
  const { report, version } = assessment;
  // The packages only: findings have reports of their own.
  const results = report.results
    .filter(({ packages }) => packages !== undefined)
    .map((result) => ({ ...result, vulnerabilities: [] }));
  const format = await findFormat('cyclonedx');
  const text: (string | Uint8Array)[] = [];
  const options = { version, listPackages: true, severities: [], scanners: [], color: false, tableModes: [] } as const;
  for await (const chunk of format.encode(
    { ...report, results },
    { ...options, dependencyTree: false, cyclonedxVersion: '1.6' },
  ))
    text.push(chunk);
  const bill = billOf(text.join(''));
  return (about) => ({
    ...headOf(assessment, about),
    summary: billSummary(bill),
    components: bill,
    pratique: { scan: succeeded(report) },
  });
}

/** What the resource has a place for. */
export function billOf(document: string): Bill {
  const { $schema: _, vulnerabilities: __, ...bill } = JSON.parse(document) as Bill;
  return bill;
}

export const billSummary = (bill: Bill): NonNullable<SbomBody['summary']> => ({
  componentsCount: listOf(bill, 'components').length,
  dependenciesCount: listOf(bill, 'dependencies').length,
});
