/**
 * A Maven project with what it inherits from parents in the scanned tree, its properties filled in.
 * Reads   the parent by `relativePath`; parents and bills of materials in repositories are not fetched.
 * Yields  dependencies that are needed to run: scopes compile and runtime, not optional. A version that is a range or an
 *         unknown property is empty.
 * Limits  30 parents; 200 properties filled into one text, of at most 4096 characters.
 * Errors  none of its own: a parent that cannot be read counts as missing.
 * Source  https://maven.apache.org/guides/introduction/introduction-to-the-pom.html#project-inheritance and
 *         https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html
 */
import { FormatError, LimitError } from '#base';
import { normalizeLicense } from '#formats';
import type { LineRange } from '#model';
import { parsePom, type PomDependency, type PomModel } from './pom-model.js';

export interface MavenDependency {
  readonly name: string;
  readonly version: string;
  /** Absent for inherited ones. */
  readonly lines?: LineRange;
}

export interface MavenProject {
  /** `group:artifact`; absent when one of them, or the version, is only known to a missing parent. */
  readonly name?: string;
  readonly version: string;
  readonly licenses: readonly string[];
  readonly dependencies: readonly MavenDependency[];
  readonly modules: readonly string[];
  /** A parent is named but not in the tree. */
  readonly isOrphan: boolean;
}

/** The text of a project file of the tree, by root-relative path. */
export type ReadPom = (path: string) => string | undefined;

export async function readProject(path: string, text: string, read: ReadPom): Promise<MavenProject> {
  const { models, isOrphan } = await lineage(path, text, read);
  const [own] = models;
  const inherited = (pick: (model: PomModel) => string): string => models.map(pick).find((found) => found !== '') ?? '';
  const parent = models[1];
  const builtIn = new Map<string, string>([
    ['groupId', inherited(({ group }) => group)],
    ['artifactId', own!.artifact],
    ['version', inherited(({ version }) => version)],
    ['parent.groupId', own!.parent?.group ?? ''],
    ['parent.artifactId', own!.parent?.artifact ?? ''],
    ['parent.version', own!.parent?.version ?? parent?.version ?? ''],
  ]);
  const fill = interpolator(builtIn, models);
  const group = fill(builtIn.get('groupId')!);
  const artifact = fill(own!.artifact);
  const version = fill(builtIn.get('version')!);
  return {
    ...(group !== '' && artifact !== '' && version !== '' && { name: `${group}:${artifact}` }),
    version,
    licenses: (models.find(({ licenses }) => licenses.length > 0)?.licenses ?? []).map(fill).map(normalizeLicense),
    dependencies: dependenciesOf(models, fill),
    modules: own!.modules.map(fill),
    isOrphan,
  };
}

const parentLimit = 30;

/** The project, its parent, the parent's parent, … as far as the tree holds them. */
async function lineage(
  path: string,
  text: string,
  read: ReadPom,
): Promise<{ models: readonly PomModel[]; isOrphan: boolean }> {
  const models = [await parsePom(text)];
  const seen = new Set([path]);
  for (let at = path; ;) {
    const named = models.at(-1)!.parent;
    if (!named) return { models, isOrphan: false };
    const found = models.length <= parentLimit ? await parentAt(at, named, read, seen) : undefined;
    if (!found) return { models, isOrphan: true };
    models.push(found.model);
    at = found.path;
  }
}

async function parentAt(
  path: string,
  named: NonNullable<PomModel['parent']>,
  read: ReadPom,
  seen: Set<string>,
): Promise<{ path: string; model: PomModel } | undefined> {
  for (const candidate of pomPaths(path, named.relativePath ?? '../pom.xml')) {
    if (seen.has(candidate)) continue;
    const model = await tryParse(read(candidate));
    if (!model || !isNamed(model, named)) continue;
    seen.add(candidate);
    return { path: candidate, model };
  }
  return undefined;
}

/** A relative path names a file, or a directory with a `pom.xml`. Paths that leave the tree are none. */
export function pomPaths(from: string, relative: string): readonly string[] {
  const segments = from.split('/').slice(0, -1);
  for (const segment of relative.replaceAll('\\', '/').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return [];
  }
  const path = segments.join('/');
  return [path, path === '' ? 'pom.xml' : `${path}/pom.xml`];
}

async function tryParse(text: string | undefined): Promise<PomModel | undefined> {
  if (text === undefined) return undefined;
  try {
    return await parsePom(text);
  } catch (error) {
    if (error instanceof FormatError || error instanceof LimitError) return undefined;
    throw error;
  }
}

/** What lies at the path may be another project. Versions given by properties cannot be compared yet. */
function isNamed(model: PomModel, named: NonNullable<PomModel['parent']>): boolean {
  const group = model.group || model.parent?.group || '';
  const version = model.version || model.parent?.version || '';
  const open = version.includes('${') || named.version.includes('${');
  return model.artifact === named.artifact && group === named.group && (version === named.version || open);
}

/** Of one text: properties may name properties, themselves too. */
const expansionLimit = 200;
const textLimit = 4096;

function interpolator(builtIn: ReadonlyMap<string, string>, models: readonly PomModel[]): (text: string) => string {
  const valueOf = (key: string): string | undefined =>
    builtIn.get(key.replace(/^(?:project|pom)\./, '')) ??
    models.map(({ properties }) => properties.get(key)).find((value) => value !== undefined);
  let left = 0;
  const fill = (text: string): string => {
    if (!text.includes('${')) return text;
    if (text.length > textLimit) return '';
    return text
      .replace(/\$\{([^${}]*)\}/g, (_, key: string) => (left-- > 0 ? fill(valueOf(key.trim()) ?? '') : ''))
      .slice(0, textLimit);
  };
  return (text) => {
    left = expansionLimit;
    return fill(text).trim();
  };
}

const neededScopes = new Set(['', 'compile', 'runtime']);

/** Nearer declarations win: those of the project over its parent's, and each over what is managed. */
function dependenciesOf(models: readonly PomModel[], fill: (text: string) => string): readonly MavenDependency[] {
  const nameOf = ({ group, artifact }: PomDependency): string => `${fill(group)}:${fill(artifact)}`;
  const managed = new Map<string, PomDependency>();
  for (const one of models.flatMap((model) => model.managed)) {
    const name = nameOf(one);
    if (!managed.has(name) && fill(one.scope) !== 'import') managed.set(name, one);
  }
  const found = new Map<string, MavenDependency | undefined>();
  for (const [generation, { dependencies }] of models.entries())
    for (const one of dependencies) {
      const name = nameOf(one);
      if (found.has(name)) continue;
      const rule = managed.get(name);
      const value = (pick: (dependency: PomDependency) => string): string =>
        fill(pick(one)) || (rule ? fill(pick(rule)) : '');
      const isNeeded = neededScopes.has(value(({ scope }) => scope)) && value(({ optional }) => optional) !== 'true';
      const version = exactVersion(value((dependency) => dependency.version));
      found.set(name, isNeeded ? { name, version, ...(generation === 0 && { lines: one.lines }) } : undefined);
    }
  return [...found.values()].filter((one) => one !== undefined);
}

/** `[1.0]` is exactly 1.0; other brackets are ranges. */
function exactVersion(version: string): string {
  const exact = /^\[([^,[\]()]*)\]$/.exec(version)?.[1]?.trim();
  return exact ?? (/[[\](),]/.test(version) ? '' : version);
}
