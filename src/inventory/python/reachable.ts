import type { Package } from '#model';

/** Ids of the packages that can be reached from the given ones along `dependsOn`, these included. */
export function reachable(packages: readonly Package[], from: Iterable<string>): ReadonlySet<string> {
  const byId = new Map(packages.map((one) => [one.id!, one]));
  const seen = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const next of byId.get(id)?.dependsOn ?? []) open.push(next);
  }
  return seen;
}
