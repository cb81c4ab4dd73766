/** The whole reports of one image: each kind is stored once, however many workloads run it. */
import type { ScanRecord } from '#scan';
import type { FullReport, ReportHead } from '../reports/image-report.js';
import { digestOf } from '../reports/report-head.js';
import type { ReportStore } from './report-store.js';

export interface Archive {
  /** Also what fits into the cluster. */
  readonly always: boolean;
  /** Rejects with a `PratiqueError` where it cannot be stored now. */
  keep(kind: string, whole: ReportHead): Promise<FullReport>;
}

export interface ArchiveOptions {
  readonly store: ReportStore;
  readonly always: boolean;
  readonly signal: AbortSignal;
}

/** `undefined` for an image without a digest. */
export function openArchive(
  { store, always, signal }: ArchiveOptions,
  record: Pick<ScanRecord, 'metadata'>,
  platform: string,
): Archive | undefined {
  const digest = digestOf(record);
  if (digest === undefined) return undefined;
  const { descriptor: subject } = record.metadata;
  const kept = new Map<string, Promise<FullReport>>();
  return {
    always,
    keep(kind, whole) {
      const document = (): Uint8Array => Buffer.from(JSON.stringify(whole));
      const stored =
        kept.get(kind) ??
        store.put({ kind, digest, platform, document: document(), ...(subject && { subject }) }, signal);
      kept.set(kind, stored);
      return stored;
    },
  };
}
