/** Who depends on whom among the packages of one target, from the packages up. */
import type { Package, Result } from '#model';

export interface PackageGraph {
  /** Packages that depend on this one. */
  parents(pkg: Package): readonly Package[];
  /** The target itself holds the package, not only others of its packages. */
  isHeldByTarget(pkg: Package): boolean;
}

export function packageGraph({ packages = [] }: Result): PackageGraph {
  const byId = new Map<string, Package[]>();
  for (const pkg of packages) {
    const list = byId.get(graphId(pkg));
    if (list) list.push(pkg);
    else byId.set(graphId(pkg), [pkg]);
  }
  const parentsOf = new Map<string, Package[]>();
  for (const parent of packages) {
    for (const id of new Set(parent.dependsOn)) {
      if (!byId.has(id) || id === graphId(parent)) continue;
      const list = parentsOf.get(id);
      if (list) list.push(parent);
      else parentsOf.set(id, [parent]);
    }
  }
  const parents = (pkg: Package): readonly Package[] => parentsOf.get(graphId(pkg)) ?? [];
  return {
    parents,
    isHeldByTarget(pkg) {
      const above = parents(pkg);
      if (above.length === 0 || pkg.relationship === 'root') return true;
      if (pkg.relationship !== 'direct') return false;
      return !above.some(({ relationship }) => relationship === 'root' || relationship === 'workspace');
    },
  };
}

/** The id of a package, or what stands for it. */
export const graphId = (pkg: Package): string => pkg.id || `${pkg.name}@${pkg.version}`;
