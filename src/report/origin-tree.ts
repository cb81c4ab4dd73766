/** What pulled vulnerable packages in: for each, its parents and the roots above them, upside down. */
import { oneLine } from '#base';
import type { Package, Result, Severity } from '#model';
import type { FormatOptions } from './format.js';

interface Branch {
  readonly text: string;
  readonly children: readonly Branch[];
}

/** Empty when the result knows of no dependencies. */
export function originTree(result: Result, options: FormatOptions): string {
  const packages = new Map((result.packages ?? []).flatMap((pkg) => (pkg.id ? [[pkg.id, pkg] as const] : [])));
  const parents = parentsOf(packages.values());
  if (parents.size === 0) return '';
  const vulnerable = new Map<string, Severity[]>();
  for (const v of result.vulnerabilities) {
    const id = v.packageId ?? v.package.id;
    if (id) vulnerable.set(id, [...(vulnerable.get(id) ?? []), v.severity]);
  }
  const branches = order(packages, vulnerable).map((id) => ({
    text: `${oneLine(id)}, (${counts(vulnerable.get(id)!, options)})`,
    children: origins(packages.get(id)!, packages, parents),
  }));
  const heading = 'Dependency Origin Tree (Reversed)';
  return `\n${heading}\n${'='.repeat(heading.length)}\n${oneLine(result.target)}\n${draw(branches, '').join('')}`;
}

function counts(found: readonly Severity[], options: FormatOptions): string {
  return options.severities.map((severity) => `${severity}: ${found.filter((s) => s === severity).length}`).join(', ');
}

function parentsOf(packages: Iterable<Package>): Map<string, string[]> {
  const parents = new Map<string, string[]>();
  for (const pkg of packages) {
    for (const child of pkg.dependsOn ?? []) parents.set(child, [...(parents.get(child) ?? []), pkg.id!]);
  }
  return parents;
}

/** In package order, which puts direct dependencies first. */
function order(packages: ReadonlyMap<string, Package>, vulnerable: ReadonlyMap<string, unknown>): string[] {
  return [...packages.keys()].filter((id) => vulnerable.has(id));
}

/** Parents that the project itself asks for; of what lies above the others only the roots are named. */
function origins(
  pkg: Package,
  packages: ReadonlyMap<string, Package>,
  parents: ReadonlyMap<string, readonly string[]>,
): Branch[] {
  if (pkg.relationship === 'direct') return [];
  const above = [...new Set(parents.get(pkg.id!) ?? [])].filter((parent) => parent !== pkg.id);
  const isDirect = (id: string): boolean => packages.get(id)?.relationship === 'direct';
  const roots = new Set<string>();
  for (const parent of above.filter((id) => !isDirect(id)))
    for (const root of rootsAbove(parent, parents, isDirect))
      if (root !== pkg.id && !above.includes(root)) roots.add(root);
  const branches: Branch[] = above.filter(isDirect).map((parent) => ({ text: oneLine(parent), children: [] }));
  if (roots.size > 0) {
    branches.push({
      text: '...(omitted)...',
      children: [...roots].sort().map((root) => ({ text: oneLine(root), children: [] })),
    });
  }
  return branches;
}

/** Upwards until a package that is asked for, or that nothing needs. */
function rootsAbove(
  id: string,
  parents: ReadonlyMap<string, readonly string[]>,
  isDirect: (id: string) => boolean,
): Set<string> {
  const roots = new Set<string>();
  const seen = new Set<string>([id]);
  const stack = [id];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const above = parents.get(next) ?? [];
    if (next !== id && (above.length === 0 || isDirect(next))) {
      roots.add(next);
      continue;
    }
    for (const parent of above) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      stack.push(parent);
    }
  }
  return roots;
}

function draw(branches: readonly Branch[], indent: string): string[] {
  return branches.flatMap(({ text, children }, i) => {
    const last = i === branches.length - 1;
    return [`${indent}${last ? '└── ' : '├── '}${text}\n`, ...draw(children, `${indent}${last ? '    ' : '│   '}`)];
  });
}
