/**
 * Where whole reports are kept outside of the cluster: one document for each kind of report, image and platform, in the form
 * of the resource's `report`, whatever its size. A new one replaces the former.
 */
import type { ContentDescriptor } from '#model';
import type { FullReport } from '../reports/image-report.js';

export interface StoredReport {
  /** Id of the kind of report. */
  readonly kind: string;
  /** `sha256:…` of the image. */
  readonly digest: string;
  /** `os/arch`. */
  readonly platform: string;
  /** Of the image at its registry, where it is known. */
  readonly subject?: ContentDescriptor;
  /** JSON. */
  readonly document: Uint8Array;
}

export interface ReportStore {
  /** Resolves when the document is kept; rejects with a `PratiqueError`. */
  put(report: StoredReport, signal: AbortSignal): Promise<FullReport>;
  close(): Promise<void>;
}

/** `kind/sha256-…/os-arch.json` */
export const keyOf = ({ kind, digest, platform }: Pick<StoredReport, 'kind' | 'digest' | 'platform'>): string =>
  `${kind}/${digest.replace(':', '-')}/${platform.replaceAll('/', '-')}.json`;
