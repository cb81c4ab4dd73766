/**
 * Licenses of locked packages, from the manifests installed beside the lock file.
 * Reads   `package.json` files under the lock file's `node_modules`, only those of packages without a license.
 * Yields  the packages with the licenses found; a manifest counts when its name and version are the locked ones.
 * Errors  none: an unreadable manifest tells no license.
 */
import { FormatError, LimitError } from '#base';
import type { Package } from '#model';
import type { ExtractContext } from '../extractor.js';
import { parsePackageJson, type PackageManifest } from './package-json.js';

export function addInstalledLicenses(
  packages: readonly Package[],
  directory: string,
  context: ExtractContext,
): readonly Package[] {
  const wanted = new Set(packages.filter((p) => !p.licenses && p.version).map((p) => p.name));
  if (wanted.size === 0) return packages;
  const licenses = new Map<string, readonly string[]>();
  for (const path of context.companionsUnder(`${directory}node_modules`)) {
    if (!path.endsWith('/package.json') || !wanted.has(packageNameOf(path.slice(0, -'/package.json'.length)))) continue;
    const manifest = read(path, context);
    if (manifest?.licenses) licenses.set(`${manifest.name}@${manifest.version}`, manifest.licenses);
  }
  return packages.map((pkg) => {
    const found = pkg.licenses ? undefined : licenses.get(`${pkg.name}@${pkg.version}`);
    return found ? { ...pkg, licenses: found } : pkg;
  });
}

/** `a/node_modules/@x/y` → `@x/y`; also the key of a lock entry. */
export function packageNameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** The directory of a file with its trailing slash; blank for the root. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function read(path: string, context: ExtractContext): PackageManifest | undefined {
  try {
    const text = context.sibling(path)?.text();
    return text === undefined ? undefined : parsePackageJson(text);
  } catch (error) {
    if (error instanceof FormatError || error instanceof LimitError) return undefined;
    throw error;
  }
}
