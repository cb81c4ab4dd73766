/**
 * `ExposedSecretReport` of `aquasecurity.github.io/v1alpha1`: the secrets in the files and the configuration of an image. The
 * text of a match is censored before it gets here.
 * Source  https://github.com/aquasecurity/trivy-operator (docs/docs/crds/exposedsecret-report.md)
 */
import { compact } from '#base';
import { type Severity, severities } from '#model';
import { defineResource } from '../client/object.js';
import type { ImageReport, ReportHead } from './image-report.js';
import { type Assessment, headOf, type NamedImage, succeeded } from './report-head.js';

export interface ExposedSecretBody extends ReportHead {
  readonly summary?: {
    readonly criticalCount: number;
    readonly highCount: number;
    readonly mediumCount: number;
    readonly lowCount: number;
  };
  /** Worst first. */
  readonly secrets?: readonly ReportSecret[];
}

export interface ReportSecret {
  /** Path in the image. */
  readonly target: string;
  readonly ruleID: string;
  readonly title: string;
  readonly category: string;
  readonly severity: string;
  readonly match: string;
  readonly pratique: { readonly startLine: number; readonly endLine: number; readonly layer?: string };
}

export const exposedSecretReports = defineResource<ImageReport<ExposedSecretBody>>(
  'aquasecurity.github.io/v1alpha1/exposedsecretreports',
  'ExposedSecretReport',
);

export function exposedSecretBody(assessment: Assessment): (about: NamedImage) => ExposedSecretBody {
  const secrets = assessment.report.results
    .flatMap(({ target, secrets: found = [] }) =>
      found.map(({ ruleId, title, category, severity, match, startLine, endLine, layer }): ReportSecret => ({
        target,
        ruleID: ruleId,
        title,
        category,
        severity,
        match,
        pratique: { startLine, endLine, ...compact({ layer: layer?.digest ?? layer?.diffId }) },
      })),
    )
    .sort((a, b) => rank(b) - rank(a));
  const count = (severity: Severity): number => secrets.filter((one) => one.severity === severity).length;
  const summary = {
    criticalCount: count('CRITICAL'),
    highCount: count('HIGH'),
    mediumCount: count('MEDIUM'),
    lowCount: count('LOW'),
  };
  return (about) => ({
    ...headOf(assessment, about),
    summary,
    secrets,
    pratique: { scan: succeeded(assessment.report) },
  });
}

const rank = ({ severity }: ReportSecret): number => severities.indexOf(severity as Severity);
