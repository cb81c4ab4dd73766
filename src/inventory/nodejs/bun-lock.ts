/**
 * Packages locked by Bun.
 * Reads   `bun.lock`, the text format (JSON with trailing commas).
 * Yields  locked packages and workspaces with lines, dependencies and relationship; the project itself is not one.
 *         What no production dependency of a workspace reaches is for development.
 * Limits  64 levels of nested packages.
 * Errors  `FormatError` when the file is no such object; an entry that is no list with `name@version` is passed over.
 * Source  https://bun.sh/docs/pm/lockfile
 */
import { compact, FormatError } from '#base';
import { entriesOf, isTable, listOf, parseLocatedJson, textOf } from '#formats';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';
import { readRanges } from './package-json.js';
import { PackageSet, sortedIds } from '../package-set.js';

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Directory of a workspace. */
  readonly workspace?: string;
  /** Keys of the entries it depends on. */
  readonly dependencies: readonly string[];
  readonly source: unknown;
}

const maxLevels = 64;
/** Characters of a key; longer ones would be searched over and over. */
const maxKey = 4096;

export const bunLock = defineExtractor({
  id: 'nodejs/bun-lock',
  type: 'bun',
  name: 'bun',
  runsOn: 'sources',
  revision: 1,
  files: ['**/bun.lock'],
  accepts: ({ path }) => !`/${path}`.includes('/node_modules/'),
  extract(file) {
    const json = parseLocatedJson(file.text(), { relaxed: true });
    if (!isTable(json.root)) throw new FormatError('bun.lock is no object');
    const workspaces = new Map(entriesOf(json.root, 'workspaces'));
    const entries = readEntries(json.root, workspaces);
    const members = [...workspaces.values()];
    const production = members.flatMap((member) =>
      directKeys(member, entries, ['dependencies', 'optionalDependencies', 'peerDependencies']),
    );
    const direct = new Set([
      ...production,
      ...members.flatMap((member) => directKeys(member, entries, ['devDependencies'])),
    ]);
    const needed = closure(production, entries);
    const packages = new PackageSet();
    for (const [key, entry] of entries) {
      const lines = json.linesOf(entry.source);
      packages.add(
        compact({
          id: entry.id,
          name: entry.name,
          version: entry.version,
          dev: entry.workspace === undefined && !needed.has(key) ? true : undefined,
          relationship: relationshipOf(key, entry, direct),
          dependsOn: sortedIds(entry.dependencies.map((dependency) => entries.get(dependency)!.id)),
          locations: lines && [lines],
          analyzedBy: 'bun',
        }),
      );
    }
    return { applications: [{ type: 'bun', path: file.path, packages: packages.list() }] };
  },
});

function relationshipOf(key: string, entry: Entry, direct: ReadonlySet<string>): NonNullable<Package['relationship']> {
  if (entry.workspace !== undefined) return 'workspace';
  return direct.has(key) ? 'direct' : 'indirect';
}

/** Keys are paths of names: `a/@s/b` is `@s/b` installed below `a`. */
function readEntries(root: unknown, workspaces: ReadonlyMap<string, unknown>): ReadonlyMap<string, Entry> {
  const sources = new Map(entriesOf(root, 'packages'));
  const entries = new Map<string, Entry>();
  for (const [key, source] of sources) {
    const identity = identify(source, workspaces);
    if (identity) entries.set(key, { ...identity, dependencies: [], source });
  }
  for (const [key, entry] of entries) {
    const details = listOf(entry.source).find(isTable);
    const names = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((table) => [
      ...readRanges(details, table).keys(),
    ]);
    entries.set(key, { ...entry, dependencies: names.flatMap((name) => resolve(key, name, entries) ?? []) });
  }
  return entries;
}

function identify(
  source: unknown,
  workspaces: ReadonlyMap<string, unknown>,
): Omit<Entry, 'dependencies' | 'source'> | undefined {
  const [ident] = listOf(source);
  const at = typeof ident === 'string' ? ident.indexOf('@', 1) : -1;
  if (typeof ident !== 'string' || at < 0) return undefined;
  const name = ident.slice(0, at);
  const written = ident.slice(at + 1);
  const workspace = written.startsWith('workspace:') ? written.slice('workspace:'.length) : undefined;
  const version = workspace === undefined ? written : (textOf(workspaces.get(workspace), 'version') ?? '');
  return compact({ id: version ? `${name}@${version}` : name, name, version, workspace });
}

/** The nearest entry of the name: below the package itself, then below each package around it, then at the top. */
function resolve(key: string, name: string, entries: ReadonlyMap<string, Entry>): string | undefined {
  let base = key.length > maxKey ? '' : key;
  for (let level = 0; level < maxLevels && base !== ''; level++) {
    if (entries.has(`${base}/${name}`)) return `${base}/${name}`;
    base = base.slice(0, Math.max(0, base.lastIndexOf('/')));
  }
  return entries.has(name) ? name : undefined;
}

function directKeys(
  member: unknown,
  entries: ReadonlyMap<string, Entry>,
  tables: readonly string[],
): readonly string[] {
  const owner = textOf(member, 'name') ?? '';
  return tables
    .flatMap((table) => [...readRanges(member, table).keys()])
    .flatMap((name) => resolve(owner, name, entries) ?? []);
}

function closure(direct: readonly string[], entries: ReadonlyMap<string, Entry>): ReadonlySet<string> {
  const reached = new Set(direct);
  for (const key of reached) for (const next of entries.get(key)?.dependencies ?? []) reached.add(next);
  return reached;
}
