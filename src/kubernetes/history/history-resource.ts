/**
 * `FindingHistory` of `pratique.dev/v1alpha1`: what the operator knows of the findings of one image name, and the events that
 * some receiver has not taken yet. Both are written at once, so that no event is lost or made twice. In the operator's own
 * namespace; one more, named `baseline`, tells whether everything was looked at once.
 * Limits  20 waiting events an image, the oldest go; what cannot be read counts as not known.
 */
import { zlib } from '#base';
import { type Severity, severities } from '#model';
import type { FindingEvent } from '#notify';
import { defineResource, type KubernetesObject } from '../client/object.js';
import { hash } from '../reports/report-name.js';
import { type HistoryState, unionOf } from './finding-history.js';

export interface FindingHistory extends KubernetesObject {
  readonly spec: {
    /** `registry/repository`; empty for the baseline. */
    readonly image: string;
    readonly updatedAt: string;
    /** The images that the history is of: digest and platform. */
    readonly images: readonly string[];
    readonly counts: Readonly<Record<Severity, number>>;
    readonly exploited: number;
    /** `HistoryState` in JSON, gzip, Base64: only this program reads it. */
    readonly state?: string;
    readonly pending?: readonly PendingEvent[];
    /** None of the images runs any more since then. */
    readonly goneSince?: string;
    /** Of the baseline. */
    readonly phase?: 'Running' | 'Complete';
  };
}

export interface PendingEvent {
  readonly event: FindingEvent;
  /** Those that have not taken it yet. */
  readonly sinks: readonly string[];
}

export const findingHistories = defineResource<FindingHistory>(
  'pratique.dev/v1alpha1/findinghistories',
  'FindingHistory',
);

export const baselineName = 'baseline';
export const historyName = (image: string): string => `image-${hash(image)}`;

export const MAX_PENDING = 20;
const MAX_STATE = 64 * 1024 * 1024;

export function countsOf(state: HistoryState): Pick<FindingHistory['spec'], 'counts' | 'exploited'> {
  const counts = Object.fromEntries(severities.map((one) => [one, 0])) as Record<Severity, number>;
  let exploited = 0;
  for (const [severity, isExploited] of unionOf(state).values()) {
    counts[severity]++;
    exploited += isExploited;
  }
  return { counts, exploited };
}

export function packState(state: HistoryState): string {
  return zlib().gzipSync(JSON.stringify(state)).toString('base64');
}

export function unpackState({ state }: FindingHistory['spec']): HistoryState {
  if (!state) return {};
  try {
    const bytes = zlib().gunzipSync(Buffer.from(state, 'base64'), { maxOutputLength: MAX_STATE });
    const found = JSON.parse(bytes.toString('utf8')) as unknown;
    return isState(found) ? found : {};
  } catch {
    return {};
  }
}

function isState(value: unknown): value is HistoryState {
  if (!isRecord(value)) return false;
  return Object.values(value).every(
    (findings) =>
      isRecord(findings) &&
      Object.values(findings).every(
        (one) => Array.isArray(one) && severities.includes(one[0] as Severity) && (one[1] === 0 || one[1] === 1),
      ),
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
