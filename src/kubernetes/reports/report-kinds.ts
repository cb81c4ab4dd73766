/** The kinds of reports about images that the operator can keep; one line each. */
import type { FindingException } from '#policy';
import type { Scanner } from '#scan';
import { acceptInReport } from './accept-in-report.js';
import { exposedSecretBody, exposedSecretReports } from './exposed-secret-report.js';
import { fitBill, fitFindings, fitList } from './fit-budget.js';
import type { ImageReport, ImageReportType, ReportHead } from './image-report.js';
import { firstSeenOf, reportBody } from './report-body.js';
import type { Assessment, NamedImage } from './report-head.js';
import { sbomBody, sbomReports } from './sbom-report.js';
import type { ResourceType } from '../client/object.js';
import { vulnerabilityReports } from './vulnerability-report.js';

/** `former` is what the object held before. */
export type MakeBody<Body extends ReportHead = ReportHead> = (about: NamedImage, former: Body | undefined) => Body;

export interface ReportKind {
  readonly id: string;
  readonly type: ImageReportType;
  /** What has to be looked for. */
  readonly scanner?: Scanner;
  /** Whether a newer advisory database changes what it tells. */
  readonly usesDatabase: boolean;
  prepare(assessment: Assessment): Promise<MakeBody>;
  /** What exceptions of the namespace do to it; they count only for kinds that have this. */
  accept?(body: ReportHead, exceptions: readonly FindingException[], now: Date): ReportHead;
  fit(body: ReportHead, bytes: number): ReportHead;
}

interface Definition<Body extends ReportHead> {
  readonly id: string;
  readonly type: ResourceType<ImageReport<Body>>;
  readonly scanner?: Scanner;
  readonly usesDatabase: boolean;
  prepare(assessment: Assessment): MakeBody<Body> | Promise<MakeBody<Body>>;
  accept?(body: Body, exceptions: readonly FindingException[], now: Date): Body;
  fit(body: Body, bytes: number): Body;
}

/** Bodies of one kind meet those of the same kind only: the type of the object sees to it. */
const define = <Body extends ReportHead>(definition: Definition<Body>): ReportKind =>
  definition as unknown as ReportKind;

/** The first of those that are kept tells of failures. */
export const reportKinds: readonly ReportKind[] = [
  define({
    id: 'vulnerability',
    type: vulnerabilityReports,
    scanner: 'vuln',
    usesDatabase: true,
    prepare: (assessment) => {
      const make = reportBody(assessment);
      return (about, former) => make(about, firstSeenOf(former));
    },
    accept: acceptInReport,
    fit: fitFindings,
  }),
  define({
    id: 'exposed-secret',
    type: exposedSecretReports,
    scanner: 'secret',
    usesDatabase: false,
    prepare: exposedSecretBody,
    fit: (body, bytes) => fitList(body, 'secrets', bytes),
  }),
  define({ id: 'sbom', type: sbomReports, usesDatabase: false, prepare: sbomBody, fit: fitBill }),
];
