/**
 * What the reports about images have in common. What this program adds is below the key `pratique`, and `truncated`.
 * Without `updateTimestamp` and `scanner` no scan succeeded yet: nothing found is not the same.
 */
import type { KubernetesObject, ResourceType } from '../client/object.js';

export interface ReportHead {
  readonly updateTimestamp?: string;
  readonly scanner?: { readonly name: string; readonly vendor: string; readonly version: string };
  readonly registry?: { readonly server: string };
  readonly artifact: ReportArtifact;
  /** Something was left out, since the object would have been too large. */
  readonly truncated?: boolean;
  readonly pratique: {
    readonly scan: ScanState;
    /** Findings or components that were left out. */
    readonly omitted?: number;
    /** What could not be assessed. */
    readonly incomplete?: readonly string[];
    /** Where everything is, when it is stored outside of the cluster. */
    readonly fullReport?: FullReport;
  };
}

export interface FullReport {
  /** URL, or path below the directory of the store. The newest one: it is replaced by later ones. */
  readonly location: string;
  readonly digest: string;
}

export interface ReportArtifact {
  readonly repository?: string;
  readonly digest?: string;
  readonly tag?: string;
  readonly platform?: string;
}

/** How the scan of the image that the object is about stands. */
export interface ScanState {
  readonly phase: 'Succeeded' | 'Failed';
  /** Code of the error. */
  readonly reason?: string;
  readonly message?: string;
  /** Failed ones since the last success. */
  readonly attempts: number;
  readonly nextRetry?: string;
  readonly lastSuccess?: string;
}

export interface ImageReport<Body extends ReportHead = ReportHead> extends KubernetesObject {
  readonly report: Body;
}

export type ImageReportType = ResourceType<ImageReport>;
