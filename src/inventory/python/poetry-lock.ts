/**
 * Packages locked by Poetry.
 * Reads   `poetry.lock`, and `pyproject.toml` beside it.
 * Yields  every locked package with the locked versions its dependencies admit. With a project file: direct ones are
 *         those it names, and what its main dependencies do not reach is for development only. Without one: neither is
 *         known, but for what the lock file marks by category or group.
 * Errors  `FormatError` when the lock file is no TOML; diagnostic `unreadable-project` for the project file.
 * Source  https://github.com/python-poetry/poetry/blob/main/src/poetry/packages/locker.py
 */
import { compact } from '#base';
import { entriesOf, fieldOf, listOf, parseToml, textOf, textsOf } from '#formats';
import type { Package } from '#model';
import { scheme } from '#versions';
import { defineExtractor } from '../extractor.js';
import { normalizePythonName } from './package-name.js';
import { projectBeside, type PythonProject } from './pyproject.js';
import { reachable } from './reachable.js';

export const poetryLock = defineExtractor({
  id: 'python/poetry-lock',
  type: 'poetry',
  name: 'poetry',
  runsOn: 'sources',
  revision: 1,
  files: ['**/poetry.lock'],
  companions: ['**/pyproject.toml'],
  async extract(file, context) {
    const locked = lockedPackages(await parseToml(file.text()));
    const project = await projectBeside(file.path, context);
    const packages = project ? withProject(locked, project) : locked;
    return { applications: [{ type: 'poetry', path: file.path, packages }] };
  },
});

/** Of one package that dependencies are looked up among: one lock file has a few, for several Pythons. */
const maxVersions = 20;

function lockedPackages(root: unknown): readonly Package[] {
  const entries = listOf(root, 'package').filter((entry) => textOf(entry, 'name') && textOf(entry, 'version'));
  const versions = new Map<string, string[]>();
  for (const entry of entries) {
    // What only development needs, nothing else depends on.
    if (textOf(entry, 'category') === 'dev') continue;
    const name = textOf(entry, 'name')!;
    const known = versions.get(name);
    if (!known) versions.set(name, [textOf(entry, 'version')!]);
    else if (known.length < maxVersions) known.push(textOf(entry, 'version')!);
  }
  return entries.map((entry): Package => {
    const name = textOf(entry, 'name')!;
    const version = textOf(entry, 'version')!;
    const dependsOn = dependenciesOf(entry, versions);
    return compact({
      id: `${name}@${version}`,
      name,
      version,
      dev: isMarkedDev(entry) ? true : undefined,
      dependsOn: dependsOn.length > 0 ? dependsOn : undefined,
      analyzedBy: 'poetry',
    });
  });
}

/** Poetry before 1.5 writes a category, from 2.0 on groups. */
function isMarkedDev(entry: unknown): boolean {
  const groups = textsOf(entry, 'groups');
  return textOf(entry, 'category') === 'dev' || (groups.length > 0 && !groups.includes('main'));
}

function dependenciesOf(entry: unknown, versions: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const ids = new Set<string>();
  for (const [key, value] of entriesOf(entry, 'dependencies')) {
    const name = normalizePythonName(key);
    for (const constraint of constraintsOf(value))
      for (const version of versions.get(name) ?? []) if (admits(constraint, version)) ids.add(`${name}@${version}`);
  }
  return [...ids].sort();
}

/** `">=1"`, `{ version = ">=1", markers = "…" }`, or a list of such tables. */
function constraintsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(constraintsOf);
  const version = fieldOf(value, 'version');
  return typeof version === 'string' ? [version] : [];
}

function admits(constraint: string, version: string): boolean {
  return scheme('pep440').satisfies(version, constraint === '' ? '*' : constraint) === true;
}

function withProject(locked: readonly Package[], { main, dev }: PythonProject): readonly Package[] {
  const needed = reachable(
    locked,
    locked.filter(({ name }) => main.has(name)).map(({ id }) => id!),
  );
  return locked.map((one): Package => {
    const direct = main.has(one.name) || dev.has(one.name);
    const devOnly = one.dev === true || !needed.has(one.id!);
    return { ...one, relationship: direct ? 'direct' : 'indirect', ...(devOnly && { dev: true }) };
  });
}
