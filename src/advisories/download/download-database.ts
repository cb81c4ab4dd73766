/**
 * Downloads a database that is published as an OCI artifact into the cache directory.
 * Reads   the repositories in order; whatever goes wrong with one, the next is tried. The layer is unpacked while it
 *         streams, into a temporary directory beside the database, checked, and only then swapped in.
 * Limits  sizes by kind (database-kind); connecting costs 5 s at most over all repositories.
 * Errors  `db/download-failed` with the reason of every repository; `file/…` when the cache cannot be written.
 * Source  https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidelines-for-artifact-usage
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError, LimitError, PratiqueError } from '#base';
import { createRegistryClient, type Descriptor, parseReference, type Reference, type RegistryOptions } from '#oci';
import { fileError, makeDirectory, NetworkError, tempDirectory, writeAtomically, type World } from '#platform';
import { type DatabaseMetadata, encodeDatabaseMetadata } from '../store/database-metadata.js';
import { checkDatabase } from './check-database.js';
import { type DatabaseKind, metadataFile, type PublishedDatabase, publishedDatabases } from './database-kind.js';
import { swapIn } from './swap-in.js';
import { unpackFiles } from './unpack-files.js';

export interface DownloadOptions extends RegistryOptions {
  /** The vulnerability database unless said otherwise. */
  readonly kind?: DatabaseKind;
  /** References, tried in order; without a tag, the schema's is asked for. The published ones unless given. */
  readonly repositories?: readonly string[];
  readonly cacheDir: string;
  readonly signal?: AbortSignal;
  /** Bytes received so far of all. */
  readonly onProgress?: (received: number, total: number) => void;
  /** Milliseconds that may be spent on connections that do not come about. */
  readonly connectBudget?: number;
}

export interface DownloadedDatabase {
  /** Full name of where it came from. */
  readonly reference: string;
  readonly digest: string;
  readonly metadata: DatabaseMetadata;
  /** Of the database file. */
  readonly path: string;
}

export async function downloadDatabase(options: DownloadOptions, world: World): Promise<DownloadedDatabase> {
  const database = publishedDatabases[options.kind ?? 'vulnerability'];
  const repositories = options.repositories?.length ? options.repositories : database.repositories;
  await prepareCache(options.cacheDir, database);
  const reasons: string[] = [];
  let budget = options.connectBudget ?? 5000;
  for (const [i, text] of repositories.entries()) {
    if (budget < 100) {
      reasons.push(`${text}: not tried, there is no network`);
      continue;
    }
    const started = performance.now();
    try {
      const reference = parseReference(text, { defaultTag: String(database.schema) });
      return await downloadFrom(
        reference,
        database,
        { ...options, connectTimeout: budget / (repositories.length - i) },
        world,
      );
    } catch (error) {
      const reason = passable(error, options.signal ?? world.signal);
      world.log.debug('Database download failed', { repository: text, reason: reason.message });
      reasons.push(reason.message.includes(text) ? reason.message : `${text}: ${reason.message}`);
      if (neverConnected(reason)) budget -= performance.now() - started;
    }
  }
  throw new PratiqueError('db/download-failed', { what: database.title, reasons: reasons.join('; ') });
}

async function downloadFrom(
  reference: Reference,
  database: PublishedDatabase,
  options: DownloadOptions,
  world: World,
): Promise<DownloadedDatabase> {
  const { cacheDir, signal = world.signal, onProgress } = options;
  const client = createRegistryClient({ connectAttempts: 1, ...options }, world);
  const scratch = await tempDirectory(cacheDir, scratchPrefix(database));
  try {
    const { manifest, digest } = await client.image(reference, undefined, signal);
    const layer = layerOf(manifest.layers, database, reference.name);
    const content = counted(client.blob(reference, layer, signal), (received) => onProgress?.(received, layer.size));
    const wanted = new Map([
      [database.file, database.limits.file],
      [metadataFile, database.limits.metadata],
    ]);
    await unpackFiles(content, scratch.path, wanted);
    const published = checkDatabase(scratch.path, database, reference.name);
    const metadata = { ...published, downloadedAt: world.clock.now().toISOString() };
    await writeAtomically(join(scratch.path, metadataFile), encodeDatabaseMetadata(metadata));
    const target = join(cacheDir, database.directory);
    await swapIn(scratch.path, target, [database.file, metadataFile], world.clock);
    return { reference: reference.name, digest, metadata, path: join(target, database.file) };
  } finally {
    await client.close();
    await scratch.remove();
  }
}

/** The artifact's one layer, if it is what a database's should be. */
function layerOf(layers: readonly Descriptor[], database: PublishedDatabase, name: string): Descriptor {
  const fail = (reason: string): PratiqueError => new PratiqueError('db/not-a-database', { name, reason });
  const [layer, ...more] = layers;
  if (!layer || more.length > 0) throw fail(`it has ${layers.length} layers, not one`);
  if (layer.mediaType !== database.mediaType) throw fail(`its layer is of type ${layer.mediaType || 'unknown'}`);
  const title = layer.annotations?.['org.opencontainers.image.title'];
  if (title !== database.layerTitle) throw fail(`its layer is named ${title ?? 'nothing'}, not ${database.layerTitle}`);
  if (layer.size > database.limits.layer) throw fail(`its layer is larger than ${database.limits.layer} bytes`);
  return layer;
}

/** An error that the next repository may not have; others end the download. */
function passable(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) throw signal.reason;
  if (error instanceof FormatError || error instanceof LimitError) return error;
  if (error instanceof PratiqueError && !error.code.startsWith('file/') && error.code !== 'tls/bad-ca-file')
    return error;
  throw error;
}

function neverConnected(error: Error): boolean {
  const { cause } = error;
  return cause instanceof NetworkError && ['dns', 'unreachable', 'connect-timeout'].includes(cause.failure);
}

const scratchPrefix = ({ directory }: PublishedDatabase): string => `.${directory}-download-`;
/** A download takes minutes; what is older belongs to a run that was killed. */
const ABANDONED = 6 * 3_600_000;

/** Makes the directory, and removes what killed runs left. */
async function prepareCache(cacheDir: string, database: PublishedDatabase): Promise<void> {
  try {
    await makeDirectory(cacheDir);
    for (const name of await readdir(cacheDir)) {
      if (!name.startsWith(scratchPrefix(database))) continue;
      const path = join(cacheDir, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
      // Against the real time, which is what the file system keeps.
      if (Date.now() - mtimeMs > ABANDONED) await rm(path, { recursive: true, force: true });
    }
  } catch (error) {
    throw fileError(cacheDir, error, 'write');
  }
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  report: (received: number) => void,
): AsyncGenerator<Uint8Array, void> {
  let received = 0;
  for await (const chunk of chunks) {
    received += chunk.length;
    report(received);
    yield chunk;
  }
}
