/** The versions that fix an advisory: those it lists, else the upper bounds (`<2.1`) of its vulnerable ranges. */
import type { StoredAdvisory } from '#model';

export function fixedVersions({ PatchedVersions = [], VulnerableVersions = [] }: StoredAdvisory): string {
  const fixes = PatchedVersions.length > 0 ? PatchedVersions : VulnerableVersions.flatMap(upperBounds);
  return [...new Set(fixes)].join(', ');
}

function upperBounds(range: string): string[] {
  return range
    .split(',')
    .map((bound) => bound.trim())
    .filter((bound) => bound.startsWith('<') && !bound.startsWith('<='))
    .map((bound) => bound.slice(1).trim());
}
