/**
 * Packages of bills of materials beside those that package managers and extractors found.
 * What was found in place wins over a bill that lists the same package at the same place; and a bill's system packages
 * count only when they are of the distribution at hand, for its advisories say nothing of others.
 */
import { distributionOf } from '#ecosystems';
import { decodePurl } from '#formats';
import type { Diagnostic, OperatingSystem, Package } from '#model';
import { canonicalOsFamily } from '../os/os-family.js';
import { familiesById } from '../os/os-release.js';

/** Each package of a bill once, and only when nothing else found it. */
export function withoutRepeats(packages: readonly Package[]): readonly Package[] {
  if (!packages.some(fromSbom)) return packages;
  const seen = new Set(packages.filter((pkg) => !fromSbom(pkg)).flatMap(keysOf));
  return packages.filter((pkg) => {
    if (!fromSbom(pkg)) return true;
    const keys = keysOf(pkg);
    if (keys.some((key) => seen.has(key))) return false;
    for (const key of keys) seen.add(key);
    return true;
  });
}

const fromSbom = (pkg: Package): boolean => pkg.analyzedBy === 'sbom';
/** By id and, since archives give none, by name. */
function keysOf({ id, name, version, path = '' }: Package): readonly string[] {
  const byName = `${name}@${version}/${path}`;
  return id === undefined ? [byName] : [`${id}/${path}`, byName];
}

/** System packages that came with a package URL of another distribution are left out, and noted. */
export function withoutForeign(
  packages: readonly Package[],
  os: OperatingSystem | undefined,
  note: (diagnostic: Diagnostic) => void,
): readonly Package[] {
  if (!os || os.family === 'none') return packages;
  const foreign = new Set(packages.filter((pkg) => pkg.purl !== undefined && !belongs(pkg.purl, os)));
  if (foreign.size === 0) return packages;
  const examples = [...foreign].slice(0, 5).map((pkg) => pkg.purl);
  note({
    code: 'sbom/other-distribution',
    severity: 'error',
    message: `${foreign.size} packages of a bill of materials are not of ${os.family} and were not assessed: ${examples.join(', ')}`,
  });
  return packages.filter((pkg) => !foreign.has(pkg));
}

function belongs(purl: string, os: OperatingSystem): boolean {
  const { type, namespace } = decodePurl(purl);
  const distribution = distributionOf(os.family);
  if (distribution && distribution.purl.type !== type) return false;
  if (namespace === undefined) return true;
  const family = familiesById.get(namespace) ?? canonicalOsFamily(namespace);
  return family === (distribution?.id ?? os.family) || namespace === distribution?.purl.namespace;
}
