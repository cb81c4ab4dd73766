/**
 * Whether a database must be downloaded before a scan. Pure: from its metadata and the time to a decision.
 * Source  https://trivy.dev/latest/docs/configuration/db/ and the reference's behaviour.
 */
import { PratiqueError } from '#base';
import { type DatabaseMetadata, instant, zeroTime } from './database-metadata.js';

export interface UpdateOptions {
  readonly now: Date;
  /** The user forbids to download. */
  readonly skip: boolean;
  /** The schema the program reads; 2, that of the vulnerability database, unless said otherwise. */
  readonly schema?: number;
  /** How long a download is fresh whatever the publisher says: an hour unless said otherwise, milliseconds. */
  readonly freshFor?: number;
  /** What errors call the option behind `skip`. */
  readonly flag?: string;
  /** What errors call the database. */
  readonly path?: string;
}

export const advisorySchema = 2;
const hour = 3_600_000;

/** @param metadata `undefined` when the database or its metadata is missing or damaged */
export function updateDecision(
  metadata: DatabaseMetadata | undefined,
  { now, skip, schema = advisorySchema, freshFor = hour, flag = '--skip-db-update', path = 'trivy.db' }: UpdateOptions,
): 'keep' | 'download' | PratiqueError {
  if (!metadata) return skip ? new PratiqueError('db/first-run', { flag }) : 'download';
  const downloaded = instant(metadata.downloadedAt);
  // Never finished, or put there by hand: nobody knows, so it is fetched again.
  if (!skip && downloaded === instant(zeroTime)) return 'download';
  const { version } = metadata;
  if (version > schema || (skip && version !== schema))
    return new PratiqueError('db/unsupported-schema', { path, version, expected: schema });
  if (skip) return 'keep';
  if (version < schema) return 'download';
  const fresh = now.getTime() < instant(metadata.nextUpdate) || now.getTime() < downloaded + freshFor;
  return fresh ? 'keep' : 'download';
}
