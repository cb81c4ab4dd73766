/**
 * What the operator remembers of a report: in an annotation, so that following reports takes their metadata only, and a new
 * process goes on where the last one ended.
 * Reads   annotations that anybody may have changed; what cannot be read counts as no report.
 */
import { textOf } from '#formats';
import type { ObjectMeta } from '../client/object.js';

export interface ReportState {
  /** Digest and platforms, or the name where nothing runs yet. */
  readonly image: string;
  /** The same once the container runtime has told the digest. */
  readonly alias?: string;
  readonly specHash: string;
  /** Version of the advisory database; empty before the first success. */
  readonly database: string;
  readonly phase: 'Succeeded' | 'Failed';
  readonly attempts: number;
  /** Milliseconds since 1970. */
  readonly nextRetry: number;
  readonly lastSuccess: number;
  /** Hash of the exceptions that the report was judged by; absent: none. */
  readonly exceptions?: string;
  /** `name=findings,…` of the exceptions that accepted some. */
  readonly accepted?: string;
}

export const stateAnnotation = 'pratique.dev/scan';

/** The same text for the same state. */
export const writeState = (state: ReportState): string => JSON.stringify(state, Object.keys(state).sort());

export function readState({ annotations }: ObjectMeta): ReportState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(annotations?.[stateAnnotation] ?? '');
  } catch {
    return undefined;
  }
  const image = textOf(value, 'image');
  const phase = textOf(value, 'phase');
  if (image === undefined || (phase !== 'Succeeded' && phase !== 'Failed')) return undefined;
  const whole = (key: string): number => {
    const found: unknown = (value as Record<string, unknown>)[key];
    return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : 0;
  };
  const texts = (['alias', 'exceptions', 'accepted'] as const).flatMap((key) => {
    const found = textOf(value, key);
    return found === undefined ? [] : [[key, found]];
  });
  return {
    image,
    phase,
    ...(Object.fromEntries(texts) as Pick<ReportState, 'alias' | 'exceptions' | 'accepted'>),
    specHash: textOf(value, 'specHash') ?? '',
    database: textOf(value, 'database') ?? '',
    attempts: whole('attempts'),
    nextRetry: whole('nextRetry'),
    lastSuccess: whole('lastSuccess'),
  };
}
