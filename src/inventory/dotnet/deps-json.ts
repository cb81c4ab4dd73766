/**
 * Libraries of a published .NET application.
 * Reads   `*.deps.json`: `targets` (per runtime, what each library loads and needs) and `libraries` (their kind).
 * Yields  packages, projects and runtime packs that bring files to run, with lines and dependencies. The project that
 *         no other library needs is the root when there is one such; else nothing tells relationships.
 * Errors  `FormatError` when the file is no JSON object.
 * Source  https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md
 */
import { compact, FormatError } from '#base';
import { entriesOf, fieldOf, isTable, parseLocatedJson, textOf } from '#formats';
import type { Relationship } from '#model';
import { defineExtractor } from '../extractor.js';
import { sortedIds } from '../package-set.js';

interface Library {
  /** `name/version`, as in the file. */
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly isProject: boolean;
  readonly source: unknown;
}

const kinds = new Set(['package', 'project', 'runtimepack']);
const runtimePack = 'runtimepack.';

export const depsJson = defineExtractor({
  id: 'dotnet/deps-json',
  type: 'dotnet-core',
  name: 'dotnet-core',
  runsOn: 'everywhere',
  revision: 1,
  files: ['**/*.deps.json'],
  extract(file) {
    const json = parseLocatedJson(file.text());
    if (!isTable(json.root)) throw new FormatError('deps.json is no object');
    const target = findTarget(json.root);
    const libraries = entriesOf(json.root, 'libraries').flatMap(
      ([key, source]) => readLibrary(key, source, target) ?? [],
    );
    const idByKey = new Map(libraries.map(({ key, id }) => [key, id]));
    const needs = new Map(libraries.map(({ key, id }) => [id, neededIds(target?.get(key), idByKey)]));
    const root = findRoot(libraries, needs);
    const direct = new Set(root === undefined ? [] : needs.get(root));
    const packages = libraries.map(({ id, name, version, isProject, source }) => {
      const lines = json.linesOf(source);
      return compact({
        id,
        name,
        version,
        relationship: root === undefined ? undefined : relate(id, isProject, root, direct, target !== undefined),
        dependsOn: sortedIds(needs.get(id) ?? []),
        locations: lines && [lines],
        analyzedBy: 'dotnet-core',
      });
    });
    return { applications: [{ type: 'dotnet-core', path: file.path, packages }] };
  },
});

/** Libraries by key in the target that the application runs on. */
function findTarget(root: unknown): ReadonlyMap<string, unknown> | undefined {
  const name = textOf(root, 'runtimeTarget', 'name') ?? '';
  const target = fieldOf(root, 'targets', name);
  return isTable(target) ? new Map(entriesOf(target)) : undefined;
}

/** A library that the target lists without any file to load is there for the compiler only. */
function readLibrary(
  key: string,
  source: unknown,
  target: ReadonlyMap<string, unknown> | undefined,
): Library | undefined {
  const kind = textOf(source, 'type')?.toLowerCase() ?? '';
  const slash = key.indexOf('/');
  if (!kinds.has(kind) || slash <= 0 || slash !== key.lastIndexOf('/')) return undefined;
  const loaded = target?.get(key);
  const loads = ['runtime', 'runtimeTargets', 'native'].some((table) => entriesOf(loaded, table).length > 0);
  if (loaded !== undefined && !loads) return undefined;
  const full = key.slice(0, slash);
  const name = kind === 'runtimepack' && full.startsWith(runtimePack) ? full.slice(runtimePack.length) : full;
  const version = key.slice(slash + 1);
  return { key, id: `${name}/${version}`, name, version, isProject: kind === 'project', source };
}

function neededIds(loaded: unknown, idByKey: ReadonlyMap<string, string>): readonly string[] {
  return entriesOf(loaded, 'dependencies').flatMap(
    ([name, version]) => idByKey.get(`${name}/${String(version)}`) ?? [],
  );
}

function findRoot(libraries: readonly Library[], needs: ReadonlyMap<string, readonly string[]>): string | undefined {
  const needed = new Set([...needs.values()].flat());
  const candidates = libraries.filter(({ id, isProject }) => isProject && !needed.has(id));
  return candidates.length === 1 ? candidates[0]!.id : undefined;
}

function relate(
  id: string,
  isProject: boolean,
  root: string,
  direct: ReadonlySet<string>,
  hasTarget: boolean,
): Relationship | undefined {
  if (id === root) return 'root';
  if (isProject) return 'workspace';
  if (!hasTarget) return undefined;
  return direct.has(id) ? 'direct' : 'indirect';
}
