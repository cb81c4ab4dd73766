/**
 * Whether an advisory's ranges admit a version.
 * Vulnerable ranges are alternatives, and so are patched and unaffected ones, which win over the vulnerable.
 * An empty range admits every version. `undefined`: cannot be decided, because the version or a range does not
 * parse, or because the advisory states no range at all.
 */
import type { StoredAdvisory } from '#model';
import type { Scheme } from '#versions';

export function isAffected(
  scheme: Pick<Scheme, 'satisfies'>,
  version: string,
  { VulnerableVersions = [], PatchedVersions = [], UnaffectedVersions = [] }: StoredAdvisory,
): boolean | undefined {
  if (VulnerableVersions.includes('') || PatchedVersions.includes('')) return true;
  const safe = [...PatchedVersions, ...UnaffectedVersions];
  if (VulnerableVersions.length > 0) {
    const vulnerable = scheme.satisfies(version, VulnerableVersions.join(' || '));
    if (!vulnerable || safe.length === 0) return vulnerable;
  } else if (safe.length === 0) return undefined;
  const spared = scheme.satisfies(version, safe.join(' || '));
  return spared === undefined ? undefined : !spared;
}
