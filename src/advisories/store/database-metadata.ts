/**
 * `metadata.json`, which lies beside a database: its schema, and when it was built, downloaded and will be replaced.
 * Shape   `{"Version": integer, "NextUpdate", "UpdatedAt", "DownloadedAt": RFC 3339}`; what is missing is zero.
 * Errors  `db/corrupt` with the path.
 * Source  https://github.com/aquasecurity/trivy-db/blob/main/pkg/metadata/metadata.go
 */
import { readFileSync } from 'node:fs';
import { PratiqueError } from '#base';
import { fileError } from '#platform';

export interface DatabaseMetadata {
  readonly version: number;
  readonly nextUpdate: string;
  readonly updatedAt: string;
  /** Zero (`zeroTime`) until whoever downloaded the database sets it. */
  readonly downloadedAt: string;
}

/** How the format writes "never". */
export const zeroTime = '0001-01-01T00:00:00Z';
const rfc3339 = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(\.\d{1,3})?\d{0,20}([Zz]|[+-]\d\d:\d\d)$/;

/** `undefined` when there is no such file. A damaged one is an error that a download mends. */
export function readDatabaseMetadata(path: string): DatabaseMetadata | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(path, error, 'read');
  }
  return parseDatabaseMetadata(text, path);
}

export function parseDatabaseMetadata(text: string, path: string): DatabaseMetadata {
  const corrupt = (reason: string, cause?: unknown): PratiqueError =>
    new PratiqueError('db/corrupt', { path, reason }, cause);
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch (error) {
    throw corrupt('not valid JSON', error);
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) throw corrupt('not a JSON object');
  const { Version: version = 0, ...times } = fields as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(version)) throw corrupt('Version is not an integer');
  const time = (name: string): string => {
    const value = times[name] ?? zeroTime;
    if (typeof value !== 'string' || Number.isNaN(instant(value))) throw corrupt(`${name} is not an RFC 3339 time`);
    return value;
  };
  return {
    version: version as number,
    nextUpdate: time('NextUpdate'),
    updatedAt: time('UpdatedAt'),
    downloadedAt: time('DownloadedAt'),
  };
}

export function encodeDatabaseMetadata(metadata: DatabaseMetadata): string {
  const fields = {
    Version: metadata.version,
    NextUpdate: metadata.nextUpdate,
    UpdatedAt: metadata.updatedAt,
    DownloadedAt: metadata.downloadedAt,
  };
  return `${JSON.stringify(fields)}\n`;
}

/** Milliseconds since 1970; NaN when `time` is not RFC 3339. Digits below a millisecond are dropped. */
export function instant(time: string): number {
  const parts = rfc3339.exec(time);
  return parts ? Date.parse(`${parts[1]}${parts[2] ?? ''}${parts[3]}`.toUpperCase()) : NaN;
}
