/**
 * The `packages` table of an npm lock file: entries by their path below the project, `node_modules/a/node_modules/b`.
 * A workspace or `file:` dependency is an entry at its own path and a link to it under `node_modules`.
 * Source  https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages
 */
import { compact } from '#base';
import { entriesOf, fieldOf, textOf, type LocatedJson } from '#formats';
import type { Package } from '#model';
import { packageNameOf } from './installed-licenses.js';
import { readLicenses, readRanges, readWorkspaces } from './package-json.js';
import { PackageSet, sortedIds } from '../package-set.js';
import { matchesWorkspace } from '../workspace-glob.js';

type Entries = ReadonlyMap<string, unknown>;

const maxLevels = 64;
/** Characters; no file system takes longer ones, and each is searched several times. */
const maxPath = 4096;

export function readPathLock(json: LocatedJson): readonly Package[] {
  const listed: Entries = new Map(entriesOf(json.root, 'packages'));
  const workspaces: string[] = [];
  const entries = placeLinked(listed, readWorkspaces(listed.get('')), workspaces);
  const direct = new Set([...dependencyNames(listed.get(''), true)].map((name) => `node_modules/${name}`));
  for (const path of workspaces) direct.add(path);
  const packages = new PackageSet();
  for (const [path, entry] of entries) {
    if (packages.full) break;
    const id = idOf(path, entry);
    if (id === undefined) continue;
    const lines = json.linesOf(entry);
    packages.add(
      compact({
        id,
        name: nameOf(path, entry),
        version: textOf(entry, 'version') ?? '',
        licenses: readLicenses(fieldOf(entry, 'license')),
        dev: fieldOf(entry, 'dev') === true ? true : undefined,
        relationship: direct.has(path) ? ('direct' as const) : ('indirect' as const),
        dependsOn: sortedIds(resolveAll(path, entry, entries)),
        locations: lines && [lines],
        analyzedBy: 'npm',
      }),
    );
  }
  return packages.list();
}

/** The entries under `node_modules`, linked ones moved to where their links are. */
function placeLinked(listed: Entries, globs: readonly string[], workspaces: string[]): Entries {
  const links = new Map<string, string>();
  for (const [path, entry] of listed) {
    const target = fieldOf(entry, 'link') === true ? textOf(entry, 'resolved') : undefined;
    if (target) links.set(target, path);
  }
  const placed = new Map<string, unknown>();
  for (const [path, entry] of listed) {
    if (path.startsWith('node_modules/')) {
      if (fieldOf(entry, 'link') !== true) placed.set(path, entry);
      continue;
    }
    const target = linkedAncestor(path, links);
    if (target === undefined) continue;
    const place = links.get(target)! + path.slice(target.length);
    placed.set(place, entry);
    if (matchesWorkspace(globs, path)) workspaces.push(place);
  }
  return placed;
}

/** The longest prefix of whole segments that a link points to. */
function linkedAncestor(path: string, links: ReadonlyMap<string, string>): string | undefined {
  if (path.length > maxPath) return undefined;
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const prefix = path.slice(0, end);
    if (links.has(prefix)) return prefix;
  }
  return undefined;
}

function* resolveAll(path: string, entry: unknown, entries: Entries): Iterable<string> {
  if (path.length > maxPath) return;
  for (const name of dependencyNames(entry, false)) {
    const id = resolve(path, name, entries);
    if (id !== undefined) yield id;
  }
}

/** As Node.js does: the nearest `node_modules` upwards that has the name. */
function resolve(path: string, name: string, entries: Entries): string | undefined {
  let base = `${path}/`;
  for (let level = 0; level < maxLevels; level++) {
    const candidate = `${base}node_modules/${name}`;
    const entry = entries.get(candidate);
    if (entry !== undefined) return idOf(candidate, entry);
    if (base === '') return undefined;
    base = base.slice(0, base.lastIndexOf('node_modules/'));
  }
  return undefined;
}

function* dependencyNames(entry: unknown, isRoot: boolean): Iterable<string> {
  yield* readRanges(entry, 'dependencies').keys();
  yield* readRanges(entry, 'optionalDependencies').keys();
  yield* readRanges(entry, 'peerDependencies').keys();
  if (isRoot) yield* readRanges(entry, 'devDependencies').keys();
}

function idOf(path: string, entry: unknown): string | undefined {
  const version = textOf(entry, 'version');
  return version ? `${nameOf(path, entry)}@${version}` : undefined;
}

/** An entry installed under another name (an alias, a link) tells its own. */
function nameOf(path: string, entry: unknown): string {
  return textOf(entry, 'name') ?? packageNameOf(path);
}
