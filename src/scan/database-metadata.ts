/** The metadata of a downloaded database; apart from what opens databases, since `version` needs no more. */
import { join } from 'node:path';
import { readDatabaseMetadata, type DatabaseMetadata } from '#advisories';

export function metadataOf(kind: 'vulnerability' | 'java', cacheDir: string): DatabaseMetadata | undefined {
  return readDatabaseMetadata(join(cacheDir, kind === 'java' ? 'java-db' : 'db', 'metadata.json'));
}
