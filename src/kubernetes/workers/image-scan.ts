/**
 * `ImageScan` of `pratique.dev/v1alpha1`: an image that the coordinator wants read, the worker that has claimed it, and what
 * it found. It lives for as long as the scan takes. Whoever writes a status names the version it has seen, so that the API
 * server lets one worker only have it.
 * Limits  a result is at most 1,000,000 characters, so that an object is smaller than what API servers take.
 */
import { zlib } from '#base';
import { readScanRecord, type ScanRecord } from '#scan';
import type { ImageTask } from '../cluster/plan-images.js';
import type { SecretUser } from '../cluster/pull-secrets.js';
import { defineResource, type KubernetesObject } from '../client/object.js';
import { hash } from '../reports/report-name.js';

export interface ImageScan extends KubernetesObject {
  readonly spec: {
    readonly references: readonly string[];
    readonly platforms: readonly string[];
    /** Who runs it: their pull secrets may open it. */
    readonly workloads: readonly SecretUser[];
    /** Rules that the result must be made by. */
    readonly signature: string;
  };
  readonly status?: ImageScanStatus;
}

export interface ImageScanStatus {
  readonly phase: 'Waiting' | 'Running' | 'Succeeded' | 'Failed';
  readonly worker?: string;
  /** How often it was claimed. */
  readonly attempts: number;
  readonly renewTime?: string;
  /** Of a failure. */
  readonly reason?: string;
  readonly message?: string;
  readonly platform?: string;
  /** What is in the image: JSON, gzip, Base64. */
  readonly record?: string;
}

export const imageScans = defineResource<ImageScan>('pratique.dev/v1alpha1/imagescans', 'ImageScan');

/** Milliseconds that a claim is good for without being renewed, by the clock of who looks. */
export const CLAIM = 20_000;
/** An image that took so many workers with it is given up. */
export const MAX_ATTEMPTS = 3;
export const TOO_LARGE = 'scan/record-too-large';

const MAX_RECORD = 1_000_000;
const MAX_TEXT = 256 * 1024 * 1024;

export const scanName = (task: Pick<ImageTask, 'key'>): string => `scan-${hash(task.key)}`;

export const statusOf = ({ status }: ImageScan): ImageScanStatus => status ?? { phase: 'Waiting', attempts: 0 };

export const isEnded = ({ phase }: ImageScanStatus): boolean => phase === 'Succeeded' || phase === 'Failed';

/** `undefined` when it is too large. */
export function packRecord(record: ScanRecord): string | undefined {
  const text = zlib().gzipSync(JSON.stringify(record)).toString('base64');
  return text.length > MAX_RECORD ? undefined : text;
}

export function unpackRecord(text: string): ScanRecord | undefined {
  try {
    const bytes = zlib().gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MAX_TEXT });
    return readScanRecord(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
