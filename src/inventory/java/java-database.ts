/**
 * Look-ups in the Java database: which Maven artifact an archive is.
 * Reads   a SQLite file with the tables `artifacts` and `indices`, by their indexes.
 * Limits  answers by artifact and version are remembered, the last 1000 of them.
 * Errors  `FormatError` when the file is damaged or of another schema.
 * Source  https://github.com/aquasecurity/trivy-java-db
 */
import { FormatError } from '#base';
import { type ByteSource, openSqlite, type SqliteDatabase, type SqliteObject, type SqliteValue } from '#formats';
import type { JavaLookup } from '../extractor.js';
import type { Coordinates } from './archive.js';

export function openJavaDatabase(source: ByteSource): JavaLookup {
  const tables = openTables(openSqlite(source));
  const groups = new Map<string, string | undefined>();
  return {
    bySha1: (sha1) => bySha1(tables, sha1),
    exists: (group, artifact) => !tables.database.seek(tables.byArtifact, [artifact, group]).next().done,
    groupOf(artifact, version) {
      const key = `${artifact}\0${version}`;
      if (!groups.has(key)) {
        if (groups.size >= rememberedGroups) groups.clear();
        groups.set(key, groupOf(tables, artifact, version));
      }
      return groups.get(key);
    },
  };
}

const rememberedGroups = 1000;

interface Tables {
  readonly database: SqliteDatabase;
  readonly artifacts: SqliteObject;
  readonly indices: SqliteObject;
  /** (artifact, group) */
  readonly byArtifact: SqliteObject;
  /** (row id of the artifact) */
  readonly byArtifactRow: SqliteObject;
  readonly bySha1: SqliteObject;
}

function openTables(database: SqliteDatabase): Tables {
  return {
    database,
    artifacts: need(database.table('artifacts')),
    indices: need(database.table('indices')),
    byArtifact: need(database.index('artifacts_idx')),
    byArtifactRow: need(database.index('indices_artifact_idx')),
    bySha1: need(database.index('indices_sha1_idx')),
  };
}

function need(object: SqliteObject | undefined): SqliteObject {
  if (!object) throw new FormatError('not a Java database: a table or index is missing');
  return object;
}

function bySha1({ database, artifacts, indices, bySha1: index }: Tables, sha1: Uint8Array): Coordinates | undefined {
  for (const entry of database.seek(index, [sha1])) {
    const [artifactRow, version] = rowAt(database, indices, entry.at(-1));
    const [, group, artifact] = rowAt(database, artifacts, artifactRow);
    if (typeof group === 'string' && typeof artifact === 'string' && typeof version === 'string')
      return { group, artifact, version };
  }
  return undefined;
}

function groupOf(
  { database, indices, byArtifact, byArtifactRow }: Tables,
  artifact: string,
  version: string,
): string | undefined {
  let best: string | undefined;
  let bestCount = 0;
  for (const [, group, artifactRow] of database.seek(byArtifact, [artifact])) {
    if (typeof group !== 'string' || artifactRow === undefined) continue;
    let count = 0;
    let hasVersion = false;
    for (const entry of database.seek(byArtifactRow, [artifactRow])) {
      count++;
      if (hasVersion) continue;
      const [, found, , type] = rowAt(database, indices, entry.at(-1));
      hasVersion = found === version && type === 'jar';
    }
    if (hasVersion && count > bestCount) {
      best = group;
      bestCount = count;
    }
  }
  return best;
}

function rowAt(database: SqliteDatabase, table: SqliteObject, rowid: SqliteValue | undefined): readonly SqliteValue[] {
  if (typeof rowid !== 'number' && typeof rowid !== 'bigint') return [];
  return database.row(table, rowid)?.values ?? [];
}
