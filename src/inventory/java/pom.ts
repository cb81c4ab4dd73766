/**
 * Dependencies a Maven project declares.
 * Reads   `pom.xml`, its parents and modules in the tree. Repositories are not asked: dependencies of dependencies,
 *         parents and bills of materials from elsewhere stay unknown.
 * Yields  the project as root, its modules as workspaces, their dependencies as direct; lines for the project's own.
 *         Projects of the integration tests of Maven plugins are for development.
 * Limits  300 modules of one project.
 * Errors  `FormatError` when the file is no project; diagnostics `unresolved-parent`, `unresolved-dependencies`,
 *         `unreadable-module`, `too-many-modules`.
 * Source  https://maven.apache.org/pom.html
 */
import { compact, FormatError, LimitError } from '#base';
import type { Package, SourceFile } from '#model';
import { defineExtractor, type ExtractContext } from '../extractor.js';
import { textMapHash } from '../uid.js';
import { type MavenDependency, type MavenProject, pomPaths, readProject } from './pom-project.js';

export const pom = defineExtractor({
  id: 'java/pom',
  type: 'pom',
  name: 'pom',
  runsOn: 'sources',
  revision: 1,
  files: ['**/pom.xml'],
  companions: ['**/pom.xml'],
  async extract(file, context) {
    const root = await openProject(file.path, file.text(), context);
    const modules = await modulesOf(root, context);
    reportUnknown([root, ...modules], context);
    const packages = packagesOf(root, modules, context.options.directory ?? '');
    const isTest = /(?:^|\/)(?:src|target)\/it\/[^/]+\/pom\.xml$/.test(file.path);
    return {
      applications: [
        { type: 'pom', path: file.path, packages: isTest ? packages.map((one) => ({ ...one, dev: true })) : packages },
      ],
    };
  },
});

const moduleLimit = 300;

interface Placed {
  readonly path: string;
  readonly project: MavenProject;
}

async function openProject(path: string, text: string, context: ExtractContext): Promise<Placed> {
  return { path, project: await readProject(path, text, (at) => context.sibling(at)?.text()) };
}

/** Modules of modules too, each once. */
async function modulesOf(root: Placed, context: ExtractContext): Promise<readonly Placed[]> {
  const found: Placed[] = [];
  const seen = new Set([root.path]);
  const open = [root];
  for (let owner = open.shift(); owner; owner = open.shift())
    for (const module of owner.project.modules) {
      const file = firstFile(pomPaths(owner.path, module), context);
      if (!file || seen.has(file.path)) continue;
      if (found.length >= moduleLimit) {
        context.report('too-many-modules', `only the first ${moduleLimit} modules were read`);
        return found;
      }
      seen.add(file.path);
      try {
        const placed = await openProject(file.path, file.text(), context);
        found.push(placed);
        open.push(placed);
      } catch (error) {
        if (!(error instanceof FormatError || error instanceof LimitError)) throw error;
        context.report('unreadable-module', `${file.path}: ${error.message}`);
      }
    }
  return found;
}

function firstFile(paths: readonly string[], context: ExtractContext): SourceFile | undefined {
  for (const path of paths) {
    const file = context.sibling(path);
    if (file) return file;
  }
  return undefined;
}

function reportUnknown(projects: readonly Placed[], context: ExtractContext): void {
  if (projects.some(({ project }) => project.isOrphan))
    context.report('unresolved-parent', 'a parent project is not in the scanned tree');
  if (projects.some(({ project }) => project.dependencies.length > 0))
    context.report('unresolved-dependencies', 'what the dependencies themselves depend on is not known');
}

function packagesOf(root: Placed, modules: readonly Placed[], directory: string): readonly Package[] {
  const packages = new Map<string, Package>();
  const add = (one: Package): void => {
    if (!packages.has(one.id!)) packages.set(one.id!, one);
  };
  const idsOf = (placed: Placed): readonly string[] =>
    placed.project.dependencies.filter(({ version }) => version !== '').map((one) => idOf(one, placed.path, directory));
  const rootPackage = asPackage(root, 'root', directory);
  const workspaces = modules.map((module) => asPackage(module, 'workspace', directory));
  const moduleIds = workspaces.map((one) => one?.id).filter((id) => id !== undefined);
  if (rootPackage) add(withDependencies(rootPackage, [...idsOf(root), ...moduleIds]));
  for (const [index, workspace] of workspaces.entries())
    if (workspace) add(withDependencies(workspace, idsOf(modules[index]!)));
  for (const placed of [root, ...modules])
    for (const one of placed.project.dependencies)
      add(
        compact({
          id: idOf(one, placed.path, directory),
          name: one.name,
          version: one.version,
          relationship: 'direct',
          locations: placed === root && one.lines ? [one.lines] : undefined,
          analyzedBy: 'pom',
        } as const),
      );
  return [...packages.values()];
}

function asPackage(
  { path, project }: Placed,
  relationship: 'root' | 'workspace',
  directory: string,
): Package | undefined {
  const { name, version, licenses } = project;
  if (name === undefined) return undefined;
  const id = idOf({ name, version }, path, directory);
  return { id, name, version, ...(licenses.length > 0 && { licenses }), relationship, analyzedBy: 'pom' };
}

function withDependencies(one: Package, ids: readonly string[]): Package {
  return ids.length > 0 ? { ...one, dependsOn: [...new Set(ids)].sort() } : one;
}

/** The same artifact may be needed by several modules in different ways, so the project file counts too. */
function idOf({ name, version }: Pick<MavenDependency, 'name' | 'version'>, path: string, directory: string): string {
  const gav = version === '' ? name : `${name}:${version}`;
  return `${gav}::${textMapHash({ gav, path: joined(directory, path) }).slice(0, 8)}`;
}

function joined(directory: string, path: string): string {
  const clean = directory.replace(/^(?:\.\/+)+|\/+$/g, '');
  return clean === '' || clean === '.' ? path : `${clean}/${path}`;
}
