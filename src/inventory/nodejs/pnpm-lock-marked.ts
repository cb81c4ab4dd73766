/**
 * Lock files of pnpm up to lock file version 8, which mark packages for development.
 * Shape   `packages` by dependency path: `/name/1.0.0_peers` (5), `/name@1.0.0(peers)` (6 and later), or the place of
 *         what is not from a registry, then with `name` and `version` fields.
 * Source  https://github.com/pnpm/spec/blob/master/dependency-path.md
 */
import { compact } from '#base';
import { entriesOf, textOf } from '#formats';
import type { Package } from '#model';
import { scheme } from '#versions';
import { PackageSet, sortedIds } from '../package-set.js';

interface Identity {
  readonly name: string;
  readonly version: string;
}

const dependencyTables = ['dependencies', 'optionalDependencies'] as const;

export function readMarkedLock(lock: unknown, parenthesized: boolean): readonly Package[] {
  const identities = new Map<string, Identity>();
  for (const [path, entry] of entriesOf(lock, 'packages')) {
    const identity = identify(path, entry, parenthesized);
    if (identity) identities.set(path, identity);
  }
  const idOf = (name: string, reference: string): string => {
    const paths = [`/${name}${parenthesized ? '@' : '/'}${reference}`, reference];
    const found = paths.flatMap((path) => identities.get(path) ?? [])[0];
    return toId(found ?? { name, version: withoutPeers(reference, parenthesized) });
  };
  const direct = new Set(
    projects(lock).flatMap((project) => [...references(project)].map(([name, at]) => idOf(name, at))),
  );
  const packages = new PackageSet();
  for (const [path, entry] of entriesOf(lock, 'packages')) {
    const identity = identities.get(path);
    if (!identity || textOf(entry, 'dev') === 'true') continue;
    const id = toId(identity);
    packages.add(
      compact({
        id,
        ...identity,
        relationship: direct.has(id) ? ('direct' as const) : ('indirect' as const),
        dependsOn: sortedIds([...references(entry)].map(([name, at]) => idOf(name, at))),
        analyzedBy: 'pnpm',
      }),
    );
  }
  return packages.list();
}

/** The project itself; with workspaces, every importer. */
function projects(lock: unknown): readonly unknown[] {
  return [lock, ...entriesOf(lock, 'importers').map(([, importer]) => importer)];
}

/** Name and reference of each dependency; a project writes `{specifier, version}` from version 6 on. */
function* references(owner: unknown): Iterable<readonly [name: string, reference: string]> {
  for (const table of dependencyTables) {
    for (const [name, value] of entriesOf(owner, table)) {
      const reference = typeof value === 'string' ? value : textOf(value, 'version');
      if (reference && !reference.startsWith('link:')) yield [name, reference];
    }
  }
}

function identify(path: string, entry: unknown, parenthesized: boolean): Identity | undefined {
  const name = textOf(entry, 'name');
  if (name) return { name, version: textOf(entry, 'version') ?? '' };
  const body = path.slice(path.indexOf('/') + 1);
  const separator = parenthesized
    ? body.indexOf('@', 1)
    : body.indexOf('/', body.startsWith('@') ? body.indexOf('/') + 1 : 0);
  if (separator <= 0) return undefined;
  const version = withoutPeers(body.slice(separator + 1), parenthesized);
  return scheme('npm').valid(version) ? { name: body.slice(0, separator), version } : undefined;
}

function withoutPeers(reference: string, parenthesized: boolean): string {
  return reference.replace(parenthesized ? /\(.*$/s : /_.*$/s, '');
}

const toId = ({ name, version }: Identity): string => (version ? `${name}@${version}` : name);
