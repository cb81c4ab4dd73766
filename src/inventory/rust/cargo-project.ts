/**
 * The project around a `Cargo.lock`: its manifests decide which locked packages are used and how.
 * Errors  an unreadable or missing manifest of the project yields nothing; an unreadable member is reported.
 * Source  https://doc.rust-lang.org/cargo/reference/workspaces.html
 */
import { compact, FormatError } from '#base';
import type { Package, Relationship } from '#model';
import type { ExtractContext } from '../extractor.js';
import { sortedIds } from '../package-set.js';
import { packageUid } from '../uid.js';
import { matchesWorkspace } from '../workspace-glob.js';
import { parseCargoManifest, type CargoDependency, type CargoManifest } from './cargo-manifest.js';
import { meetsRequirement } from './cargo-requirement.js';

type Locked = ReadonlyMap<string, Package>;

/** Of one package; a manifest has one per target at most. */
const maxRequirements = 100;

/** The packages in use, or `undefined` when no manifest tells. */
export async function readCargoProject(
  directory: string,
  packages: readonly Package[],
  context: ExtractContext,
): Promise<readonly Package[] | undefined> {
  const root = await readManifest(`${directory}Cargo.toml`, context);
  if (!root) return undefined;
  const locked: Locked = new Map(packages.map((pkg) => [pkg.id!, pkg]));
  const members = await readMembers(directory, root, context);
  const relationships = new Map<string, Relationship>();
  const memberIds = members.map((member) => {
    const id = idOf(member, root);
    relationships.set(id, 'workspace');
    return id;
  });
  const rootId = root.name ? idOf(root, root) : undefined;
  if (rootId !== undefined) relationships.set(rootId, 'root');
  const direct = [
    ...directIds(root, [...root.dependencies, ...root.shared.dependencies.values()], root, locked),
    ...members.flatMap((member) => directIds(member, member.dependencies, root, locked)),
  ];
  spread(direct, locked, relationships);
  const used = [...locked.values()].filter((pkg) => relationships.has(pkg.id!));
  return [
    ...(rootId !== undefined && locked.has(rootId) ? [] : [unlockedRoot(root, rootId, memberIds)]),
    ...used.map((pkg) => place(pkg, relationships, pkg.id === rootId ? memberIds : [])),
  ];
}

async function readManifest(path: string, context: ExtractContext): Promise<CargoManifest | undefined> {
  const file = context.sibling(path);
  if (!file) return undefined;
  try {
    return await parseCargoManifest(file.text());
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    context.report('manifest-unreadable', `${path}: ${error.message}`);
    return undefined;
  }
}

async function readMembers(
  directory: string,
  root: CargoManifest,
  context: ExtractContext,
): Promise<readonly CargoManifest[]> {
  if (root.members.length === 0) return [];
  const members: CargoManifest[] = [];
  for (const path of context.companionsUnder(directory.slice(0, -1))) {
    const place = path.slice(directory.length, -'/Cargo.toml'.length);
    if (!path.endsWith('/Cargo.toml') || !place || !matchesWorkspace(root.members, place)) continue;
    if (matchesWorkspace(root.excluded, place)) continue;
    const member = await readManifest(path, context);
    if (member?.name) members.push(member);
  }
  return members;
}

/** The locked packages that a manifest's dependencies stand for; its own lock entry narrows them, when there is one. */
function directIds(
  member: CargoManifest,
  dependencies: readonly CargoDependency[],
  root: CargoManifest,
  locked: Locked,
): readonly string[] {
  const own = locked.get(idOf(member, root));
  const candidates = own ? (own.dependsOn ?? []).flatMap((id) => locked.get(id) ?? []) : [...locked.values()];
  const wanted = new Map<string, string[]>();
  for (const dependency of dependencies) {
    const { name, requirement } = inherit(dependency, root);
    const requirements = wanted.get(name);
    if (!requirements) wanted.set(name, [requirement]);
    else if (requirements.length < maxRequirements) requirements.push(requirement);
  }
  return candidates
    .filter(({ name, version }) =>
      wanted.get(name)?.some((requirement) => !requirement || meetsRequirement(version, requirement)),
    )
    .map((pkg) => pkg.id!);
}

function inherit(dependency: CargoDependency, root: CargoManifest): CargoDependency {
  if (!dependency.inherited) return dependency;
  return root.shared.dependencies.get(dependency.key) ?? dependency;
}

/** Breadth first from the direct dependencies. Not through members: their entries list development dependencies too. */
function spread(direct: readonly string[], locked: Locked, relationships: Map<string, Relationship>): void {
  const queue = [...new Set(direct)];
  const queued = new Set(queue);
  for (const id of queue) if (!relationships.has(id)) relationships.set(id, 'direct');
  for (const id of queue) {
    if (relationships.get(id) === 'root' || relationships.get(id) === 'workspace') continue;
    for (const next of locked.get(id)?.dependsOn ?? []) {
      if (!relationships.has(next)) relationships.set(next, 'indirect');
      if (queued.has(next)) continue;
      queued.add(next);
      queue.push(next);
    }
  }
}

function place(pkg: Package, relationships: ReadonlyMap<string, Relationship>, members: readonly string[]): Package {
  const dependsOn = (pkg.dependsOn ?? []).filter((id) => relationships.has(id));
  return compact({
    ...pkg,
    relationship: relationships.get(pkg.id!),
    dependsOn: sortedIds([...dependsOn, ...members]),
  });
}

/** A workspace without a package of its own has no name either; a hash stands in for its id. */
function unlockedRoot(root: CargoManifest, id: string | undefined, members: readonly string[]): Package {
  const found = compact({
    name: root.name,
    version: root.version,
    relationship: 'root' as const,
    dependsOn: sortedIds(members),
    analyzedBy: 'cargo',
  });
  return { id: id ?? packageUid(found, 'Cargo.toml'), ...found };
}

function idOf(member: CargoManifest, root: CargoManifest): string {
  return `${member.name}@${member.version || root.shared.version}`;
}
