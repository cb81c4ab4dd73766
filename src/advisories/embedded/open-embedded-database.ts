/**
 * Opens the database that comes with the program: facts of several public sources, each frozen at its date.
 * Yields  a lookup, what it covers, and one diagnostic that says how old it is. Unpacked once per version of the
 *         database to `<cacheDir>/pratique/embedded/<sha256>/trivy.db`, by a rename, so that runs side by side see none or
 *         all of it. A file of the wrong size or with damaged meta pages is unpacked again.
 * Limits  where the cache cannot be written, it stays in memory (its size is in the manifest).
 * Errors  `db/missing` for an incomplete package; `db/corrupt` for a damaged one.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { PratiqueError } from '#base';
import type { AdvisoryLookup, DatabaseInfo, Diagnostic } from '#model';
import { writeAtomically, type World } from '#platform';
import { openAdvisoryStore, type AdvisoryStore, type StoreLocation } from '../store/advisory-store.js';
import { zeroTime } from '../store/database-metadata.js';
import { embeddedManifest, type EmbeddedManifest } from './embedded-files.js';
import { unpackEmbedded } from './unpack-embedded.js';

export interface EmbeddedDatabase {
  readonly lookup: AdvisoryLookup;
  readonly info: DatabaseInfo;
  readonly diagnostics: readonly Diagnostic[];
  close(): void;
}

export async function openEmbeddedDatabase(cacheDir: string, world: Pick<World, 'log'>): Promise<EmbeddedDatabase> {
  const manifest = embeddedManifest();
  const store = await openStore(manifest, cacheDir, world);
  return {
    lookup: store,
    info: infoOf(manifest),
    diagnostics: [ageOf(manifest)],
    close: () => store.close(),
  };
}

/** What the database covers, without unpacking it. */
export function embeddedDatabaseInfo(): DatabaseInfo {
  return infoOf(embeddedManifest());
}

async function openStore(
  manifest: EmbeddedManifest,
  cacheDir: string,
  world: Pick<World, 'log'>,
): Promise<AdvisoryStore> {
  const path = join(cacheDir, 'pratique', 'embedded', manifest.sha256.slice(0, 16), 'trivy.db');
  const kept = openKept(path, manifest, world);
  if (kept) return kept;
  const bytes = await unpackEmbedded(manifest);
  try {
    await writeAtomically(path, bytes);
  } catch (error) {
    if (!(error instanceof PratiqueError)) throw error;
    world.log.debug('the built-in database stays in memory', { reason: error.message });
    return open({ bytes }, manifest);
  }
  return openKept(path, manifest, world) ?? open({ bytes }, manifest);
}

/** `undefined` when it was never unpacked, or when what is there is not what was unpacked. */
function openKept(path: string, manifest: EmbeddedManifest, world: Pick<World, 'log'>): AdvisoryStore | undefined {
  const size = sizeOf(path);
  if (size === undefined) return undefined;
  try {
    if (size === manifest.size) return open({ path }, manifest);
    world.log.debug('the unpacked built-in database has another size', { path, size });
  } catch (error) {
    if (!(error instanceof PratiqueError)) throw error;
    world.log.debug('the unpacked built-in database cannot be used', { path, reason: error.message });
  }
  return undefined;
}

/** Whatever else keeps it from being seen keeps it from being written, and is told then. */
function sizeOf(path: string): number | undefined {
  try {
    return statSync(path).size;
  } catch {
    return undefined;
  }
}

function open(location: StoreLocation, { schema, built }: EmbeddedManifest): AdvisoryStore {
  return openAdvisoryStore(location, {
    version: schema,
    updatedAt: built,
    nextUpdate: zeroTime,
    downloadedAt: zeroTime,
  });
}

function infoOf({ schema, built, sources }: EmbeddedManifest): DatabaseInfo {
  return {
    kind: 'embedded',
    version: schema,
    updatedAt: built,
    sources: sources.map(({ name, date, license }) => ({ name, date, license })),
  };
}

function ageOf({ sources }: EmbeddedManifest): Diagnostic {
  const byDate = sources.filter(({ advisories }) => advisories > 0).sort((a, b) => (a.date < b.date ? -1 : 1));
  const [oldest, newest] = [byDate[0], byDate.at(-1)];
  const span =
    oldest && newest
      ? `its newest source is of ${newest.date} (${newest.name}), its oldest of ${oldest.date} (${oldest.name})`
      : 'it has no sources';
  return {
    code: 'database/embedded',
    severity: 'warning',
    message: `the database built into the program was used: ${span}; what was published later is missing`,
  };
}
