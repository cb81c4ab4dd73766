/**
 * Which advisory database a scan uses: the downloaded one, brought up to date when it is due; the one built into the
 * program when none was ever downloaded and none can be. What is old or incomplete about it becomes a diagnostic.
 */
import { join } from 'node:path';
import { PratiqueError } from '#base';
import { openAdvisoryStore, updateDecision, type DatabaseMetadata } from '#advisories';
import type { JavaLookup } from '#inventory';
import type { AdvisoryLookup, DatabaseInfo, Diagnostic } from '#model';
import type { RegistryOptions } from '#oci';
import type { World } from '#platform';
import { metadataOf } from './database-metadata.js';
import type { DatabaseOptions, ScanOptions } from './options.js';

export interface DatabaseRequest extends DatabaseOptions {
  readonly cacheDir: string;
  readonly registry: RegistryOptions;
  /** No download of the Java database. */
  readonly offline?: boolean;
}

export interface OpenedDatabase {
  readonly lookup: AdvisoryLookup;
  readonly info: DatabaseInfo;
  readonly diagnostics: readonly Diagnostic[];
  close(): void;
}

const defaults = {
  vulnerability: ['mirror.gcr.io/aquasec/trivy-db:2', 'ghcr.io/aquasecurity/trivy-db:2'],
  java: ['mirror.gcr.io/aquasec/trivy-java-db:1', 'ghcr.io/aquasecurity/trivy-java-db:1'],
} as const;

export async function openDatabase(request: DatabaseRequest, world: World): Promise<OpenedDatabase> {
  if (request.embedded) return openEmbedded(request, world);
  const problem = await bringUpToDate('vulnerability', request, world);
  const metadata = metadataOf('vulnerability', request.cacheDir);
  if (!metadata) {
    world.log.warn('no database could be downloaded: using the one built into the program', {
      reason: problem?.message,
    });
    return openEmbedded(request, world);
  }
  if (problem) {
    world.log.warn(`the database could not be updated: using the one built ${age(metadata, world)}`, {
      reason: problem.message,
    });
  }
  const store = openAdvisoryStore({ path: join(request.cacheDir, 'db', 'trivy.db') }, metadata);
  const info: DatabaseInfo = {
    kind: 'downloaded',
    version: metadata.version,
    updatedAt: metadata.updatedAt,
    nextUpdate: metadata.nextUpdate,
    downloadedAt: metadata.downloadedAt,
  };
  return { lookup: store, info, diagnostics: ageDiagnostics(metadata, problem, world), close: () => store.close() };
}

/** For `--download-db-only` and its Java twin: downloads when due, and fails when that is not possible. */
export async function updateDatabase(
  kind: 'vulnerability' | 'java',
  options: ScanOptions & { cacheDir?: string },
  world: World,
): Promise<void> {
  const { cacheDirectory } = await import('#platform');
  const request = {
    ...options.database,
    cacheDir: options.cacheDir ?? cacheDirectory(world),
    registry: options.registry ?? {},
  };
  const problem = await bringUpToDate(kind, request, world);
  if (problem) throw problem;
}

/** `undefined` when there is no Java database and none may or can be downloaded. */
export async function openJavaDatabase(request: DatabaseRequest, world: World): Promise<JavaLookup | undefined> {
  const problem = await bringUpToDate(
    'java',
    { ...request, skipUpdate: request.offline || request.skipJavaUpdate || false },
    world,
  ).catch(asProblem);
  if (problem) world.log.debug('no update of the Java database', { reason: problem.message });
  if (!metadataOf('java', request.cacheDir)) return undefined;
  const { openJavaDatabase: open } = await import('#inventory');
  const { openRandomAccess } = await import('#platform');
  return open(openRandomAccess(join(request.cacheDir, 'java-db', 'trivy-java.db')));
}

const day = 86_400_000;

/** Resolves with the reason when a due download failed; throws when the user forbids the one that is needed. */
async function bringUpToDate(
  kind: 'vulnerability' | 'java',
  request: DatabaseRequest,
  world: World,
): Promise<PratiqueError | undefined> {
  const flag = kind === 'java' ? '--skip-java-db-update' : '--skip-db-update';
  const decision = updateDecision(metadataOf(kind, request.cacheDir), {
    now: world.clock.now(),
    skip: request.skipUpdate ?? false,
    flag,
    ...(kind === 'java' ? { schema: 1, freshFor: day } : {}),
  });
  if (decision instanceof PratiqueError) throw decision;
  if (decision === 'keep') return undefined;
  const { downloadDatabase } = await import('#advisories');
  const repositories = (kind === 'java' ? request.javaRepositories : request.repositories) ?? defaults[kind];
  world.log.info(`downloading the ${kind} database`, { from: repositories[0] });
  const part = `${kind} database`;
  const onProgress = (received: number, total: number): void => world.progress?.bytes(part, received, total);
  try {
    await downloadDatabase(
      { ...request.registry, kind, repositories, cacheDir: request.cacheDir, signal: world.signal, onProgress },
      world,
    );
    return undefined;
  } catch (error) {
    return asProblem(error);
  } finally {
    world.progress?.end(part);
  }
}

function asProblem(error: unknown): PratiqueError {
  if (error instanceof PratiqueError && !error.code.startsWith('scan/')) return error;
  throw error;
}

function age(metadata: DatabaseMetadata, world: World): string {
  const days = Math.floor((world.clock.now().getTime() - Date.parse(metadata.updatedAt)) / day);
  return days < 1 ? 'less than a day ago' : `${days} day${days === 1 ? '' : 's'} ago`;
}

/** Whoever brings databases by hand has a week for it. */
const oldAfter = 7 * day;

function ageDiagnostics(
  metadata: DatabaseMetadata,
  problem: PratiqueError | undefined,
  world: World,
): readonly Diagnostic[] {
  const old = world.clock.now().getTime() - Date.parse(metadata.updatedAt) > oldAfter;
  if (!problem && !old) return [];
  const why = problem ? 'and could not be updated' : 'and not updated since';
  const message = `the database was built ${age(metadata, world)} ${why}: newer advisories are missing`;
  return [{ code: 'database/outdated', severity: 'warning', message }];
}

async function openEmbedded(request: DatabaseRequest, world: World): Promise<OpenedDatabase> {
  const { openEmbeddedDatabase } = await import('#advisories');
  return openEmbeddedDatabase(request.cacheDir, world);
}
