import type { Package } from '#model';

const ranks = { root: 1, workspace: 2, direct: 3, indirect: 4 } as const;

/** Report order: relationship (unknown last), name, version, id, path; text by code unit. */
export function comparePackages(a: Package, b: Package): number {
  return (
    rank(a) - rank(b) ||
    text(a.name, b.name) ||
    text(a.version, b.version) ||
    text(a.id ?? '', b.id ?? '') ||
    text(a.path ?? '', b.path ?? '')
  );
}

const rank = (pkg: Package): number => (pkg.relationship ? ranks[pkg.relationship] : 5);
const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
