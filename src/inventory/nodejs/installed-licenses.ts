/**
 * Licenses of locked packages, from the manifests installed beside the lock file.
 * Reads   `package.json` files under the lock file's `node_modules`, and in the archives of its `.yarn/cache`.
 * Yields  the packages with the licenses found for those that have none; a manifest counts when its name and version
 *         are the locked ones.
 * Limits  1 MiB for a manifest in an archive.
 * Errors  none: an unreadable manifest or archive tells no license.
 * Source  https://yarnpkg.com/features/caching
 */
import { FormatError, LimitError } from '#base';
import { readZipEntry, zipEntries } from '#formats';
import type { Package, SourceFile } from '#model';
import type { ExtractContext } from '../extractor.js';
import { parsePackageJson } from './package-json.js';

const manifestName = '/package.json';
const maxArchivedManifest = 1024 * 1024;

export function addInstalledLicenses(
  packages: readonly Package[],
  directory: string,
  context: ExtractContext,
): readonly Package[] {
  const wanted = new Set(packages.filter((p) => !p.licenses && p.version).map((p) => p.name));
  if (wanted.size === 0) return packages;
  const licenses = new Map<string, readonly string[]>();
  const collect = (path: string, read: (file: SourceFile) => string | undefined): void => {
    const manifest = parseIfReadable(path, read, context);
    if (manifest?.licenses) licenses.set(`${manifest.name}@${manifest.version}`, manifest.licenses);
  };
  for (const path of context.companionsUnder(`${directory}node_modules`)) {
    const name = path.endsWith(manifestName) ? packageNameOf(path.slice(0, -manifestName.length)) : '';
    if (wanted.has(name)) collect(path, (file) => file.text());
  }
  for (const path of context.companionsUnder(`${directory}.yarn/cache`)) collect(path, readArchivedManifest);
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

/** An archive of Yarn's cache holds one package, below `node_modules/<name>`. */
function readArchivedManifest(archive: SourceFile): string | undefined {
  for (const entry of zipEntries(archive)) {
    if (!/^node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(entry.path)) continue;
    return new TextDecoder().decode(readZipEntry(archive, entry, maxArchivedManifest));
  }
  return undefined;
}

function parseIfReadable(
  path: string,
  read: (file: SourceFile) => string | undefined,
  context: ExtractContext,
): ReturnType<typeof parsePackageJson> | undefined {
  try {
    const file = context.sibling(path);
    const text = file && read(file);
    return text === undefined ? undefined : parsePackageJson(text);
  } catch (error) {
    if (error instanceof FormatError || error instanceof LimitError) return undefined;
    throw error;
  }
}
