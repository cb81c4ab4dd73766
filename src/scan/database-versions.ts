/** What `version` shows of the databases. */
import { PratiqueError } from '#base';
import type { DatabaseInfo } from '#model';
import type { World } from '#platform';
import { metadataOf } from './database-metadata.js';

export interface DatabaseVersion {
  readonly kind: 'vulnerability' | 'java' | 'embedded';
  /** Keys as in `metadata.json`. */
  readonly metadata: Readonly<Record<string, string | number>>;
  readonly sources?: DatabaseInfo['sources'];
}

export async function databaseVersions(cacheDir: string, world: World): Promise<readonly DatabaseVersion[]> {
  const versions: DatabaseVersion[] = [];
  for (const kind of ['vulnerability', 'java'] as const) {
    try {
      const found = metadataOf(kind, cacheDir);
      if (!found) continue;
      const { version, nextUpdate, updatedAt, downloadedAt } = found;
      versions.push({
        kind,
        metadata: { Version: version, UpdatedAt: updatedAt, NextUpdate: nextUpdate, DownloadedAt: downloadedAt },
      });
    } catch (error) {
      if (!(error instanceof PratiqueError)) throw error;
      world.log.warn(error.message);
    }
  }
  const { embeddedDatabaseInfo } = await import('#advisories');
  const embedded = embeddedDatabaseInfo();
  versions.push({
    kind: 'embedded',
    metadata: { Version: embedded.version, UpdatedAt: embedded.updatedAt ?? '' },
    sources: embedded.sources,
  });
  return versions;
}
