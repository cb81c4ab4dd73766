/**
 * Packages locked by uv.
 * Reads   `uv.lock`.
 * Yields  the project itself (the package whose source is a directory) as root, and every other locked package; what the
 *         root does not reach through its dependencies or extras is for development only. A lock file whose root cannot
 *         be told yields nothing.
 * Errors  `FormatError` when the file is no TOML; diagnostic `no-root` when there is no single root.
 * Source  https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile
 */
import { compact } from '#base';
import { entriesOf, fieldOf, listOf, parseToml, textOf } from '#formats';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';
import { reachable } from './reachable.js';

export const uvLock = defineExtractor({
  id: 'python/uv-lock',
  type: 'uv',
  name: 'uv',
  runsOn: 'sources',
  revision: 1,
  files: ['**/uv.lock'],
  async extract(file, context) {
    const entries = lockedEntries(await parseToml(file.text()));
    const root = rootOf(entries);
    if (!root) {
      if (entries.length > 0) context.report('no-root', 'the project is not among the locked packages');
      return undefined;
    }
    return { applications: [{ type: 'uv', path: file.path, packages: packagesOf(entries, root) }] };
  },
});

/** Of one package that dependencies are looked up among: a forked resolution locks a handful. */
const maxVersions = 100;

interface Locked {
  readonly name: string;
  readonly version: string;
  readonly entry: unknown;
}

function lockedEntries(document: unknown): readonly Locked[] {
  return listOf(document, 'package').flatMap((entry) => {
    const name = textOf(entry, 'name');
    return name ? [{ name, version: textOf(entry, 'version') ?? '', entry }] : [];
  });
}

/** The project lies in the directory of the lock file; members of a workspace lie below it. */
function rootOf(entries: readonly Locked[]): Locked | undefined {
  const isAt = (directory: string | undefined) => (key: string) => (locked: Locked) =>
    directory === undefined
      ? fieldOf(locked.entry, 'source', key) !== undefined
      : textOf(locked.entry, 'source', key) === directory;
  const local = ['editable', 'virtual'];
  const here = local.flatMap((key) => entries.filter(isAt('.')(key)));
  if (here.length > 0) return here[0];
  const anywhere = local.flatMap((key) => entries.filter(isAt(undefined)(key)));
  return anywhere.length === 1 ? anywhere[0] : undefined;
}

function packagesOf(entries: readonly Locked[], root: Locked): readonly Package[] {
  const byName = new Map<string, Locked[]>();
  for (const locked of entries) {
    const versions = byName.get(locked.name);
    if (!versions) byName.set(locked.name, [locked]);
    else if (versions.length < maxVersions) versions.push(locked);
  }
  /** A dependency names its version only when several are locked. */
  const resolve = (dependency: unknown): readonly string[] => {
    const version = textOf(dependency, 'version');
    return (byName.get(textOf(dependency, 'name') ?? '') ?? [])
      .filter((locked) => version === undefined || locked.version === version)
      .map(idOf);
  };
  const mainOf = ({ entry }: Locked): readonly string[] =>
    [...listOf(entry, 'dependencies'), ...groups(entry, 'optional-dependencies')].flatMap(resolve);
  const allOf = (locked: Locked): readonly string[] => [
    ...mainOf(locked),
    ...groups(locked.entry, 'dev-dependencies').flatMap(resolve),
  ];
  const direct = new Set(allOf(root));
  const rootId = idOf(root);
  const packages = entries.map((locked): Package => {
    const id = idOf(locked);
    const dependsOn = [...new Set(locked === root ? allOf(locked) : mainOf(locked))].sort();
    return compact({
      id,
      name: locked.name,
      version: locked.version,
      relationship: locked === root ? 'root' : direct.has(id) ? 'direct' : 'indirect',
      dependsOn: dependsOn.length > 0 ? dependsOn : undefined,
      analyzedBy: 'uv',
    } as const);
  });
  const needed = reachable(packages, mainOf(root));
  return packages.map((one) => (needed.has(one.id!) || one.id === rootId ? one : { ...one, dev: true }));
}

function idOf({ name, version }: Locked): string {
  return version === '' ? name : `${name}@${version}`;
}

/** Dependencies of all groups of a table. */
function groups(entry: unknown, table: string): readonly unknown[] {
  return entriesOf(entry, table).flatMap(([, list]) => listOf(list));
}
