/**
 * Lock files of pnpm from lock file version 9 on.
 * Shape   `importers` (projects and what they ask for), `packages` by `name@version`, and `snapshots`: one per set of
 *         resolved peers, `name@version(peer@1.0.0)`, with its dependencies. A snapshot is a package here.
 * Source  https://github.com/pnpm/spec/tree/master/lockfile
 */
import { compact } from '#base';
import { entriesOf, textOf } from '#formats';
import type { Package } from '#model';
import { scheme } from '#versions';
import { sortedIds } from '../package-set.js';

type Snapshots = ReadonlyMap<string, unknown>;

export function readSnapshotLock(lock: unknown): readonly Package[] {
  const snapshots: Snapshots = new Map(entriesOf(lock, 'snapshots'));
  const registered: Snapshots = new Map(entriesOf(lock, 'packages'));
  const importers = entriesOf(lock, 'importers').map(([, importer]) => importer);
  const production = importers.flatMap((i) => [
    ...dependencyKeys(i, snapshots, 'dependencies', 'optionalDependencies'),
  ]);
  const development = importers.flatMap((i) => [...dependencyKeys(i, snapshots, 'devDependencies')]);
  const needed = closure(production, snapshots);
  const direct = new Set([...production, ...development]);
  return [...snapshots].flatMap(([key, snapshot]) => {
    const identity = identify(key, registered);
    if (!identity) return [];
    return compact({
      id: key,
      ...identity,
      dev: needed.has(key) ? undefined : true,
      relationship: direct.has(key) ? ('direct' as const) : ('indirect' as const),
      dependsOn: sortedIds(dependencyKeys(snapshot, snapshots, 'dependencies', 'optionalDependencies')),
      analyzedBy: 'pnpm',
    });
  });
}

function closure(direct: readonly string[], snapshots: Snapshots): ReadonlySet<string> {
  const reached = new Set(direct);
  for (const key of reached) {
    for (const next of dependencyKeys(snapshots.get(key), snapshots, 'dependencies', 'optionalDependencies'))
      reached.add(next);
  }
  return reached;
}

/** A reference is the part of the key after the name, or for an alias the whole key. */
function* dependencyKeys(owner: unknown, snapshots: Snapshots, ...tables: readonly string[]): Iterable<string> {
  for (const table of tables) {
    for (const [name, value] of entriesOf(owner, table)) {
      const reference = typeof value === 'string' ? value : textOf(value, 'version');
      if (reference === undefined) continue;
      const key = `${name}@${reference}`;
      if (snapshots.has(key)) yield key;
      else if (snapshots.has(reference)) yield reference;
    }
  }
}

/** What is not from a registry (`name@file:dir`, a tarball's URL) tells its version in `packages`, if at all. */
function identify(key: string, registered: Snapshots): { name: string; version: string } | undefined {
  const bare = key.replace(/\(.*$/s, '');
  const at = bare.indexOf('@', 1);
  if (at < 0) return undefined;
  const written = bare.slice(at + 1);
  const version = textOf(registered.get(bare), 'version') ?? (scheme('npm').valid(written) ? written : '');
  return { name: bare.slice(0, at), version };
}
