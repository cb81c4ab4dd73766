/**
 * Applies layer records in order, lowest first, to what the running container would show:
 * whiteouts and replaced files hide lower results, and each package is attributed to the first layer that has it.
 * Whiteouts: https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts
 */
import { compact } from '#base';
import type {
  Application,
  BuildInfo,
  Diagnostic,
  Inventory,
  LayerRecord,
  LayerRef,
  Package,
  PackageFile,
} from '#model';
import { aggregatedTypes, packageUrl } from '#ecosystems';
import { comparePackages } from './compare-packages.js';
import { mergeOs } from './os/merge-os.js';
import { PathTree } from './path-tree.js';
import { withoutForeign, withoutRepeats } from './sbom/merge-packages.js';

export interface ApplyOptions {
  /** Keep packages that are needed for development only. */
  readonly includeDev: boolean;
  /** The user's word on the distribution, when one was detected (`--distro`). */
  readonly distro?: { readonly family: string; readonly name: string };
}

type Content =
  { readonly kind: 'os'; readonly file: PackageFile } | { readonly kind: 'app'; readonly app: Application };

export function applyLayers(layers: readonly LayerRecord[], options: ApplyOptions): Inventory {
  const tree = new PathTree<Content>();
  let os: Inventory['os'];
  let repository: Inventory['repository'];
  const licenses = new Map<string, readonly string[]>();
  for (const [index, layer] of layers.entries()) {
    // Below the lowest layer there is nothing to hide.
    for (const path of index > 0 ? layer.opaqueDirs : []) tree.clear(path);
    for (const path of index > 0 ? layer.whiteouts : []) tree.remove(path);
    if (layer.os) os = mergeOs(os, layer.os);
    repository = layer.repository ?? repository;
    for (const file of layer.packageFiles) tree.set(file.path, 'os', { kind: 'os', file });
    for (const app of layer.applications) tree.set(app.path, app.type, { kind: 'app', app });
    for (const [name, found] of Object.entries(layer.packageLicenses ?? {})) licenses.set(name, found);
  }
  const contents = [...tree.values()];
  const osPackages = contents.flatMap((c) => (c.kind === 'os' ? c.file.packages : []));
  if (!os && repository) os = { family: repository.family, name: repository.release };
  if (!os && osPackages.length > 0) os = { family: 'none', name: '' };
  if (os && options.distro) {
    os = { ...os, family: options.distro.family, name: options.distro.name };
    repository = undefined;
  }
  const diagnostics: Diagnostic[] = [];
  const ownPackages = withoutRepeats(withoutForeign(osPackages, os, (diagnostic) => diagnostics.push(diagnostic)));
  const attribute = attribution(layers);
  const complete =
    (type: string, path: string | undefined) =>
    (pkg: Package): Package => {
      const origin = attribute(type, path, pkg);
      const own = pkg.licenses?.length ? pkg.licenses : path === undefined ? licenses.get(pkg.name) : undefined;
      const files = path === undefined && origin.layer ? { installedFiles: origin.installedFiles } : {};
      return compact({ ...pkg, ...origin, ...files, licenses: own, purl: pkg.purl ?? packageUrl(type, os, pkg) });
    };
  return compact({
    os,
    repository,
    packages: ownPackages.map(complete(os?.family ?? 'none', undefined)).sort(comparePackages),
    applications: mergeAggregated(
      contents
        .flatMap((c) => (c.kind === 'app' ? [withoutDev(c.app, options.includeDev)] : []))
        .map((app) => ({
          ...app,
          packages: app.packages.map(complete(app.type, app.path)),
        })),
    ),
    diagnostics: [
      ...layers.flatMap((layer) =>
        layer.diagnostics.map((d): Diagnostic => (layer.diffId ? { ...d, layer: layer.diffId } : d)),
      ),
      ...diagnostics,
    ],
  });
}

/** Python, Ruby, Node.js, … installed packages make one application each, with an empty path. */
function mergeAggregated(applications: readonly Application[]): Application[] {
  const merged = new Map<string, Package[]>();
  const single: Application[] = [];
  for (const app of applications) {
    if (!aggregatedTypes.has(app.type)) single.push({ ...app, packages: [...app.packages].sort(comparePackages) });
    else {
      const others = merged.get(app.type);
      if (others) for (const pkg of app.packages) others.push(pkg);
      else merged.set(app.type, [...app.packages]);
    }
  }
  const aggregated = [...merged].map(([type, packages]) => ({
    type,
    path: '',
    packages: [...withoutRepeats(packages)].sort(comparePackages),
  }));
  return [...single, ...aggregated]
    .filter((app) => app.packages.length > 0)
    .sort((a, b) => compareText(a.path, b.path) || compareText(a.type, b.type));
}

function withoutDev(app: Application, includeDev: boolean): Application {
  if (includeDev || !app.packages.some((pkg) => pkg.dev)) return app;
  const dropped = new Set(app.packages.filter((pkg) => pkg.dev).map((pkg) => pkg.id));
  const packages = app.packages.filter((pkg) => !pkg.dev);
  return {
    ...app,
    packages: packages.map((pkg) => {
      if (pkg.relationship !== 'root' && pkg.relationship !== 'workspace') return pkg;
      const kept = pkg.dependsOn?.filter((id) => !dropped.has(id));
      return compact({ ...pkg, dependsOn: kept?.length ? kept : undefined });
    }),
  };
}

type Attribution = (
  type: string,
  path: string | undefined,
  pkg: Package,
) => { layer?: LayerRef; buildInfo?: BuildInfo; installedFiles?: readonly string[] };

/**
 * The lowest layer with an equal package: name, version and release; for language packages in the same file, too.
 * It is the layer that installed the package, so its list of installed files counts: a later database may be a rewrite.
 */
function attribution(layers: readonly LayerRecord[]): Attribution {
  if (layers.length === 1 && !layers[0]!.diffId && !layers[0]!.buildInfo) return () => ({});
  const first = new Map<string, { index: number; pkg: Package }>();
  const note = (key: string, index: number, pkg: Package) => void (first.has(key) || first.set(key, { index, pkg }));
  layers.forEach((layer, index) => {
    for (const file of layer.packageFiles)
      for (const pkg of file.packages) note(key(undefined, undefined, pkg), index, pkg);
    for (const app of layer.applications)
      for (const pkg of app.packages) note(key(app.type, app.path, pkg), index, pkg);
  });
  const builds = buildInfos(layers);
  return (type, path, pkg) => {
    const origin = first.get(key(path === undefined ? undefined : type, path, pkg));
    const layer = origin && layers[origin.index];
    if (!layer) return {};
    const ref = compact({ digest: layer.digest, diffId: layer.diffId });
    const found = { layer: Object.keys(ref).length > 0 ? ref : undefined };
    if (path !== undefined) return compact(found);
    return compact({ ...found, buildInfo: builds[origin.index], installedFiles: origin.pkg.installedFiles });
  };
}

const key = (type: string | undefined, path: string | undefined, pkg: Package): string =>
  `${type ?? ''}\0${path ?? ''}\0${pkg.name}\0${pkg.version}\0${pkg.release ?? ''}`;

/** A layer without Red Hat build information borrows that of the layer before; the first borrows the second's. */
function buildInfos(layers: readonly LayerRecord[]): (BuildInfo | undefined)[] {
  let previous = layers[0]?.buildInfo ?? layers[1]?.buildInfo;
  return layers.map((layer) => (previous = layer.buildInfo ?? previous));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
