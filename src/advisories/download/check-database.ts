/**
 * Whether unpacked files are a database that this program reads, before they replace the one in use.
 * Errors  `db/corrupt`, `db/unsupported-schema`, with `name` in place of a path.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError, LimitError, PratiqueError } from '#base';
import { openBolt, openSqlite } from '#formats';
import { type DatabaseMetadata, parseDatabaseMetadata } from '../store/database-metadata.js';
import { type FileSource, openFileSource } from '../store/file-source.js';
import { metadataFile, type PublishedDatabase } from './database-kind.js';

export function checkDatabase(directory: string, database: PublishedDatabase, name: string): DatabaseMetadata {
  const metadata = checkMetadata(directory, database, name);
  const path = join(directory, database.file);
  const source = openFileSource(path);
  try {
    if (database.file.endsWith('java.db')) checkSqlite(source);
    else checkBolt(source);
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof LimitError)) throw error;
    throw new PratiqueError('db/corrupt', { path: name, reason: `${database.file}: ${error.message}` }, error);
  } finally {
    source.close();
  }
  return metadata;
}

function checkMetadata(directory: string, { schema }: PublishedDatabase, name: string): DatabaseMetadata {
  const metadata = parseDatabaseMetadata(readFileSync(join(directory, metadataFile), 'utf8'), name);
  const { version } = metadata;
  if (version !== schema) throw new PratiqueError('db/unsupported-schema', { path: name, version, expected: schema });
  return metadata;
}

/** The meta pages and the root are read, no more: the digest has vouched for the rest. */
function checkBolt(source: FileSource): void {
  const { root, pager } = openBolt(source);
  const { highWater } = pager.meta;
  if (source.size < highWater * pager.meta.pageSize) throw new FormatError('the file is shorter than its pages');
  if (root.items().next().done) throw new FormatError('there is nothing in it');
}

function checkSqlite(source: FileSource): void {
  const database = openSqlite(source);
  for (const table of ['artifacts', 'indices']) {
    if (!database.table(table)) throw new FormatError(`it has no table ${table}`);
  }
}
