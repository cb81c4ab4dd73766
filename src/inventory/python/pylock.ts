/**
 * Packages of a `pylock.toml`, the lock file all Python installers may write.
 * Reads   `pylock.toml` and `pylock.<name>.toml`, and `pyproject.toml` beside it. Few tools write dependencies between
 *         packages, so there is rarely a graph.
 * Yields  packages with normalised names. With a project file: the package whose source is the project's directory as
 *         root, those the project names as direct.
 * Errors  `FormatError` when the lock file is no TOML; diagnostic `unreadable-project` for the project file.
 * Source  https://packaging.python.org/en/latest/specifications/pylock-toml/
 */
import { compact } from '#base';
import { listOf, parseToml, textOf } from '#formats';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';
import { normalizePythonName } from './package-name.js';
import { projectBeside, type PythonProject } from './pyproject.js';
import { reachable } from './reachable.js';

export const pylock = defineExtractor({
  id: 'python/pylock',
  type: 'pylock',
  name: 'pylock',
  runsOn: 'sources',
  revision: 1,
  files: ['**/pylock.toml', '**/pylock.*.toml'],
  companions: ['**/pyproject.toml'],
  accepts: ({ path }: { path: string }) => /(?:^|\/)pylock\.(?:[^./]+\.)?toml$/.test(path),
  async extract(file, context) {
    const locked = lockedPackages(await parseToml(file.text()));
    const project = await projectBeside(file.path, context);
    const packages = project ? withProject(locked, project) : locked.map(({ pkg }) => pkg);
    return { applications: [{ type: 'pylock', path: file.path, packages }] };
  },
});

interface Locked {
  readonly pkg: Package;
  readonly isProject: boolean;
}

function lockedPackages(root: unknown): readonly Locked[] {
  const entries = listOf(root, 'packages').flatMap((entry) => {
    const name = textOf(entry, 'name');
    if (!name) return [];
    const version = textOf(entry, 'version') ?? '';
    const normal = normalizePythonName(name);
    return [{ entry, name: normal, version, id: version === '' ? normal : `${normal}@${version}` }];
  });
  const ids = new Set(entries.map(({ id }) => id));
  // The same version may be locked once for each platform; the last one counts.
  const packages = new Map<string, Locked>();
  for (const { entry, name, version, id } of entries) {
    const dependsOn = listOf(entry, 'dependencies')
      .map((wanted) => `${normalizePythonName(textOf(wanted, 'name') ?? '')}@${textOf(wanted, 'version') ?? ''}`)
      .filter((wanted) => ids.has(wanted));
    const pkg = compact({
      id,
      name,
      version,
      dependsOn: dependsOn.length > 0 ? [...new Set(dependsOn)].sort() : undefined,
      analyzedBy: 'pylock',
    });
    packages.set(id, { pkg, isProject: textOf(entry, 'directory', 'path') === '.' });
  }
  return [...packages.values()];
}

function withProject(locked: readonly Locked[], { main, dev }: PythonProject): readonly Package[] {
  const idsNamed = (names: ReadonlySet<string>): readonly string[] =>
    locked.filter(({ pkg, isProject }) => !isProject && names.has(pkg.name)).map(({ pkg }) => pkg.id!);
  const direct = new Set([...idsNamed(main), ...idsNamed(dev)]);
  const packages = locked.map(({ pkg }) => pkg);
  const needed = reachable(packages, idsNamed(main));
  const devOnly = reachable(packages, idsNamed(dev));
  return locked.map(({ pkg, isProject }): Package => {
    if (isProject) return { ...pkg, relationship: 'root', dependsOn: [...direct].sort() };
    const relationship = direct.has(pkg.id!) ? 'direct' : 'indirect';
    return { ...pkg, relationship, ...(devOnly.has(pkg.id!) && !needed.has(pkg.id!) && { dev: true }) };
  });
}
