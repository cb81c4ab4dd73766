/**
 * Packages in bills of materials that lie inside an image or root file system: of components that were built
 * elsewhere and copied in, such as Bitnami's, which has one beside each of its components.
 * Reads   CycloneDX and SPDX as `sbom` files; those in `.dist-info/sboms/` describe what their wheel bundles and are
 *         left to the extractor of that wheel.
 * Yields  system packages and applications, without the bill's operating system: the image's own counts.
 * Errors  `invalid` for what cannot be read; what the bill leaves out → its diagnostics.
 * Source  https://cyclonedx.org/specification/overview/#recognized-file-patterns · https://peps.python.org/pep-0770/ ·
 *         https://spdx.github.io/spdx-spec/v2.3/conformance/#44-standard-data-format-requirements
 */
import { decodeSbom } from '#formats';
import type { Application, Package } from '#model';
import { defineExtractor, type Extraction } from '../extractor.js';
import { sbomContent } from './sbom-content.js';

export const sbomFile = defineExtractor({
  id: 'sbom/file',
  type: 'os',
  name: 'sbom',
  runsOn: 'systems',
  revision: 1,
  files: ['**/*.spdx', '**/*.spdx.json', '**/*.cdx', '**/*.cdx.json'],
  accepts: ({ path }) => !path.includes('.dist-info/sboms/'),
  async extract(file, context): Promise<Extraction> {
    const { sbom } = await decodeSbom(file.bytes());
    const { packages, applications, diagnostics } = sbomContent(sbom);
    for (const { code, message } of diagnostics) context.report(code.slice(code.indexOf('/') + 1), message);
    const component = bitnamiComponent(file.path);
    return {
      packages,
      applications: applications.map((app) =>
        component === undefined ? placed(app, file.path) : bitnamiPlaced(app, component, file.path),
      ),
    };
  },
});

/** `opt/bitnami/redis` of `opt/bitnami/redis/.spdx-redis.spdx`. */
function bitnamiComponent(path: string): string | undefined {
  return /^(opt\/bitnami\/[^/]+)\/\.spdx-[^/]+\.spdx$/.exec(path)?.[1];
}

const placed = (app: Application, path: string): Application => (app.path === '' ? { ...app, path } : app);

/** Paths inside a Bitnami bill are relative to its component's directory. */
function bitnamiPlaced(app: Application, component: string, sbomPath: string): Application {
  if (app.type === 'bitnami') return { ...app, path: component };
  const path = app.path === '' ? sbomPath : `${component}/${app.path}`;
  const inside = (pkg: Package): Package => ({ ...pkg, path: pkg.path ? `${component}/${pkg.path}` : component });
  return { ...app, path, packages: app.packages.map(inside) };
}
