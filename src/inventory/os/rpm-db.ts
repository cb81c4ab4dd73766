/**
 * Packages in RPM databases: Berkeley DB hash (`Packages`), ndb (`Packages.db`) and SQLite (`rpmdb.sqlite`).
 * Which of them a file is shows in its first bytes. Only the package table is read: indexes may be missing or stale.
 * Yields  every package with its dependencies (by provided name) and the files that packages of the distribution own.
 * Limits  positioned reads, one header at a time; the formats' own limits.
 * Errors  a damaged record → `damaged-record`, left out. A write-ahead log with content beside a SQLite database →
 *         `unmerged-log`: what it holds is not seen.
 * Source  https://rpm-software-management.github.io/rpm/manual/
 */
import { FormatError, LimitError } from '#base';
import { berkeleyPairs, isBerkeleyHash, isNdb, ndbBlobs, openSqlite } from '#formats';
import type { Package, SourceFile } from '#model';
import { defineExtractor, type ExtractContext } from '../extractor.js';
import { isFull } from '../package-set.js';
import { OwnedFiles } from './owned-files.js';
import { readRpmPackage, type RpmPackage } from './rpm-package.js';

const directories = ['usr/lib/sysimage/rpm', 'var/lib/rpm'];
const sqliteFiles = [...directories.map((directory) => `${directory}/rpmdb.sqlite`), 'usr/share/rpm/rpmdb.sqlite'];

export const rpmDb = defineExtractor({
  id: 'os/rpm-db',
  type: 'os',
  name: 'rpm',
  runsOn: 'everywhere',
  revision: 1,
  files: [...directories.flatMap((d) => [`${d}/Packages`, `${d}/Packages.db`]), ...sqliteFiles],
  companions: sqliteFiles.map((path) => `${path}-wal`),
  extract(file, context) {
    if ((context.sibling(`${file.path}-wal`)?.size ?? 0) > 0) {
      context.report('unmerged-log', 'the write-ahead log beside the database was not read');
    }
    const found: RpmPackage[] = [];
    const owned = new OwnedFiles(context);
    for (const blob of headerBlobs(file, context)) {
      try {
        const rpm = readRpmPackage(blob);
        if (rpm.unknownSource) context.report('unknown-source', `${rpm.pkg.name}: "${rpm.unknownSource}"`);
        found.push({ ...rpm, pkg: withFiles(rpm.pkg, owned) });
        if (isFull(found)) break;
      } catch (error) {
        if (!(error instanceof FormatError) && !(error instanceof LimitError)) throw error;
        context.report('damaged-record', error.message);
      }
    }
    return { packages: withDependencies(found), ownedFiles: owned.paths };
  },
});

function headerBlobs(file: SourceFile, context: ExtractContext): Iterable<Uint8Array> {
  const head = file.read(0, 100);
  const damaged = (error: Error): void => context.report('damaged-record', error.message);
  if (isBerkeleyHash(head)) return berkeleyBlobs(file, damaged);
  if (isNdb(head)) return ndbBlobs(file, damaged);
  return sqliteBlobs(file, damaged);
}

/** The pair with key 0 holds the next package number. */
function* berkeleyBlobs(file: SourceFile, damaged: (error: Error) => void): Generator<Uint8Array> {
  for (const { key, value } of berkeleyPairs(file, damaged)) if (key.some((byte) => byte !== 0)) yield value;
}

function* sqliteBlobs(file: SourceFile, damaged: (error: Error) => void): Generator<Uint8Array> {
  const database = openSqlite(file);
  const table = database.table('Packages');
  if (!table) throw new FormatError('no table of packages');
  for (const { values } of database.rows(table, damaged)) {
    const blob = values[1];
    if (blob instanceof Uint8Array) yield blob;
    else damaged(new FormatError('a row without header'));
  }
}

/** A package does not depend on itself, although many require what they provide. */
function withDependencies(found: readonly RpmPackage[]): Package[] {
  const providers = new Map<string, string>();
  for (const { pkg, provides } of found) for (const name of provides) providers.set(name, pkg.id!);
  return found.map(({ pkg, requires }) => {
    const ids = new Set(requires.flatMap((name) => providers.get(name) ?? []));
    ids.delete(pkg.id!);
    return ids.size > 0 ? { ...pkg, dependsOn: [...ids].sort() } : pkg;
  });
}

function withFiles(pkg: Package, owned: OwnedFiles): Package {
  const { installedFiles, ...rest } = pkg;
  const taken = owned.take(installedFiles ?? []);
  return taken.length > 0 ? { ...rest, installedFiles: taken } : rest;
}
