/**
 * The project around a `yarn.lock`: which locked packages its manifests ask for, directly and by way of others.
 * Reads   `package.json` beside the lock file and those of its workspaces.
 * Yields  the project and its workspaces as packages, and the relationship of each locked package they reach.
 *         What only development dependencies reach is for development. Unreached packages stay unrelated.
 * Errors  `FormatError` when the project's own manifest is unreadable; an unreadable workspace is passed over.
 * Source  https://classic.yarnpkg.com/lang/en/docs/workspaces/ and https://yarnpkg.com/features/workspaces
 */
import { compact, FormatError } from '#base';
import type { Package, Relationship } from '#model';
import type { ExtractContext } from '../extractor.js';
import { parsePackageJson, type PackageManifest } from './package-json.js';
import { sortedIds } from '../package-set.js';
import { matchesWorkspace } from '../workspace-glob.js';
import type { YarnGraph } from './yarn-graph.js';

export interface YarnProject {
  /** The project first, then its workspaces. */
  readonly members: readonly Package[];
  readonly reached: ReadonlyMap<string, { readonly relationship: Relationship; readonly dev: boolean }>;
}

interface Member {
  readonly path: string;
  readonly manifest: PackageManifest;
}

export function readYarnProject(directory: string, graph: YarnGraph, context: ExtractContext): YarnProject | undefined {
  const path = `${directory}package.json`;
  const file = context.sibling(path);
  if (!file) return undefined;
  const root = { path, manifest: parsePackageJson(file.text()) };
  const workspaces = readWorkspaces(directory, root.manifest.workspaces, context);
  const members = [root, ...workspaces];
  const reached = new Map<string, { relationship: Relationship; dev: boolean }>();
  reach(
    members.flatMap((member) => productionIds(member, graph)),
    false,
    graph,
    reached,
  );
  reach(
    members.flatMap((member) => developmentIds(member, graph)),
    true,
    graph,
    reached,
  );
  const workspacePackages = workspaces.map((workspace) => toPackage(workspace, 'workspace', graph, []));
  return {
    members: [
      toPackage(
        root,
        'root',
        graph,
        workspacePackages.map((w) => w.id!),
      ),
      ...workspacePackages,
    ],
    reached,
  };
}

function readWorkspaces(directory: string, globs: readonly string[], context: ExtractContext): readonly Member[] {
  if (globs.length === 0) return [];
  return context.companionsUnder(directory.slice(0, -1)).flatMap((path) => {
    const place = path.slice(directory.length, -'/package.json'.length);
    if (!path.endsWith('/package.json') || `${place}/`.includes('node_modules/') || !matchesWorkspace(globs, place))
      return [];
    try {
      return [{ path, manifest: parsePackageJson(context.sibling(path)!.text()) }];
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      context.report('workspace-unreadable', `${path}: ${error.message}`);
      return [];
    }
  });
}

/** Breadth first; the first relationship found for a package stays. */
function reach(
  direct: readonly string[],
  dev: boolean,
  graph: YarnGraph,
  reached: Map<string, { relationship: Relationship; dev: boolean }>,
): void {
  const queue: string[] = [];
  for (const id of direct) {
    if (reached.has(id)) continue;
    reached.set(id, { relationship: 'direct', dev });
    queue.push(id);
  }
  for (const id of queue) {
    for (const next of graph.dependenciesOf(id)) {
      if (reached.has(next)) continue;
      reached.set(next, { relationship: 'indirect', dev });
      queue.push(next);
    }
  }
}

function toPackage(
  { path, manifest }: Member,
  relationship: Relationship,
  graph: YarnGraph,
  more: readonly string[],
): Package {
  const { name = '', version = '', licenses } = manifest;
  const member = { path, manifest };
  return compact({
    id: name && version ? `${name}@${version}` : path,
    name,
    version,
    licenses,
    relationship,
    dependsOn: sortedIds([...productionIds(member, graph), ...developmentIds(member, graph), ...more]),
    analyzedBy: 'yarn',
  });
}

function productionIds({ manifest }: Member, graph: YarnGraph): readonly string[] {
  const ranges = new Map([...manifest.dependencies, ...manifest.optionalDependencies]);
  return [...ranges].flatMap(([name, range]) => graph.resolve(name, range));
}

function developmentIds({ manifest }: Member, graph: YarnGraph): readonly string[] {
  return [...manifest.devDependencies].flatMap(([name, range]) => graph.resolve(name, range));
}
