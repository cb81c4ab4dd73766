/** The SHA-1 of the file that shows a package, which bills of materials list beside its path. */
import { createHash } from '#base';
import { aggregatedTypes } from '#ecosystems';
import type { Package, SourceFile } from '#model';
import type { Extraction } from './extractor.js';

const step = 1024 * 1024;

/** Only for packages shown by this very file, not by an archive inside it or by a lock file. */
export function withFileDigest(extraction: Extraction | undefined, file: SourceFile): Extraction | undefined {
  if (!extraction?.applications?.some(({ type }) => aggregatedTypes.has(type))) return extraction;
  const digest = `sha1:${sha1(file)}`;
  const stamp = (pkg: Package): Package => (pkg.path === file.path && !pkg.digest ? { ...pkg, digest } : pkg);
  return {
    ...extraction,
    applications: extraction.applications.map((app) =>
      aggregatedTypes.has(app.type) ? { ...app, packages: app.packages.map(stamp) } : app,
    ),
  };
}

function sha1(file: SourceFile): string {
  const hash = createHash('sha1');
  for (let offset = 0; offset < file.size; offset += step) hash.update(file.read(offset, step));
  return hash.digest('hex');
}
