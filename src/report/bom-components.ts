/** From results to components: which there are, their properties, and how they hang together. */
import { compact } from '#base';
import { aggregatedTypes } from '#ecosystems';
import { decodePurl, encodePurl, type PackageUrl } from '#formats';
import type { Package, Report, Result, Vulnerability } from '#model';
import { tryReference } from '#oci';
import type { BomComponent, BomProperty } from './bom.js';
import { versionText } from './version-text.js';

/** A component before it has a reference. */
export interface Node extends Omit<BomComponent, 'ref' | 'contains' | 'dependsOn' | 'vulnerabilities'> {
  readonly bomRef?: string;
  readonly contains: Node[];
  readonly dependsOn: Node[];
  readonly vulnerabilities: Vulnerability[];
}

/** The artifact first. */
export function componentsOf(report: Report): readonly Node[] {
  const root = artifactNode(report);
  const nodes = [root];
  for (const result of report.results) {
    if (result.class !== 'os-pkgs' && result.class !== 'lang-pkgs') continue;
    const parent = parentOf(result, report);
    if (parent) {
      root.contains.push(parent);
      nodes.push(parent);
    }
    nodes.push(...packagesOf(result, parent ?? root));
  }
  return nodes;
}

export function artifactNode(report: Report): Node {
  const { metadata } = report;
  const image = report.artifactType === 'container_image' || report.artifactType === 'vm';
  const labels = metadata.imageConfig?.config?.['Labels'];
  return node({
    kind: 'artifact',
    type: image ? 'container' : 'application',
    name: report.artifactName,
    purl: imagePurl(report),
    properties: propertyList([
      ['SchemaVersion', '2'],
      ['ImageID', metadata.imageId],
      ['Size', metadata.size ? String(metadata.size) : undefined],
      ['Reference', metadata.reference],
      ...each('RepoDigest', metadata.repoDigests),
      ...each('RepoTag', metadata.repoTags),
      ...each('DiffID', metadata.diffIds),
      ...(typeof labels === 'object' && labels !== null
        ? Object.entries(labels).map(([key, value]) => [`Labels:${key}`, String(value)] as const)
        : []),
    ]),
  });
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md */
function imagePurl({ metadata }: Report): string | undefined {
  const [digest] = metadata.repoDigests ?? [];
  const reference = digest === undefined ? undefined : tryReference(digest);
  if (reference?.digest === undefined) return undefined;
  const { registry, repository, digest: version } = reference;
  const qualifiers = new Map([['repository_url', `${registry}/${repository}`.toLowerCase()]]);
  if (metadata.imageConfig?.architecture) qualifiers.set('arch', metadata.imageConfig.architecture);
  return encodePurl({ type: 'oci', name: repository.slice(repository.lastIndexOf('/') + 1), version, qualifiers });
}

/** The operating system or the lock file; packages of aggregated targets belong to the artifact itself. */
function parentOf(result: Result, { metadata }: Report): Node | undefined {
  const { class: kind, type = '', target } = result;
  if (aggregatedTypes.has(type)) return undefined;
  const properties = propertyList([
    ['Class', kind],
    ['Type', type],
  ]);
  if (kind === 'lang-pkgs') return node({ kind: 'application', type: 'application', name: target, properties });
  return node({
    kind: 'system',
    type: 'operating-system',
    name: type,
    version: metadata.os?.name || undefined,
    properties,
  });
}

function packagesOf(result: Result, parent: Node): readonly Node[] {
  const packages = result.packages ?? [];
  const nodes = packages.map((pkg) => packageNode(pkg, result));
  const byId = new Map(packages.map((pkg, i) => [idOf(pkg), nodes[i]!]));
  const needed = new Set<Node>();
  packages.forEach((pkg, i) => {
    for (const id of pkg.dependsOn ?? []) {
      const other = byId.get(id);
      if (!other) continue;
      nodes[i]!.dependsOn.push(other);
      needed.add(other);
    }
  });
  // With a root package, it is the root that has the direct ones.
  const rooted = packages.some((pkg) => pkg.relationship === 'root');
  packages.forEach((pkg, i) => {
    if (!needed.has(nodes[i]!) || (pkg.relationship === 'direct' && !rooted)) parent.contains.push(nodes[i]!);
  });
  const byKey = new Map(packages.map((pkg, i) => [keyOf(pkg), nodes[i]!]));
  for (const found of result.vulnerabilities) byKey.get(keyOf(found.package))?.vulnerabilities.push(found);
  return nodes;
}

const idOf = (pkg: Package): string => pkg.id || `${pkg.name}@${pkg.version}`;
const keyOf = (pkg: Package): string => pkg.uid ?? JSON.stringify([pkg.id, pkg.name, pkg.version, pkg.path]);

function packageNode(pkg: Package, result: Result): Node {
  const purl = packageUrl(pkg);
  const grouped = purl?.type === 'maven' || purl?.type === 'npm' ? purl : undefined;
  return node({
    kind: 'package',
    type: 'library',
    group: grouped?.namespace,
    name: grouped?.name ?? pkg.name,
    version: componentVersion(pkg, purl) || undefined,
    purl: purl && pkg.purl,
    bomRef: pkg.bomRef || undefined,
    supplier: pkg.maintainer || undefined,
    licenses: pkg.licenses,
    digest: pkg.digest,
    path: pkg.path || undefined,
    foundIn: result.class === 'lang-pkgs' && !aggregatedTypes.has(result.type ?? '') ? result.target : undefined,
    source: result.class === 'os-pkgs' ? pkg.source : undefined,
    properties: packageProperties(pkg, result),
  });
}

function packageUrl(pkg: Package): PackageUrl | undefined {
  try {
    return pkg.purl === undefined ? undefined : decodePurl(pkg.purl);
  } catch {
    // Too long, or read from elsewhere and broken: the package is described by its own fields.
    return undefined;
  }
}

function componentVersion(pkg: Package, purl: PackageUrl | undefined): string {
  if (purl?.version === undefined) return versionText(pkg);
  const epoch = purl.qualifiers?.get('epoch') ?? '0';
  return epoch === '0' ? purl.version : `${epoch}:${purl.version}`;
}

function packageProperties(pkg: Package, result: Result): readonly BomProperty[] {
  return propertyList([
    ['PkgID', pkg.id],
    ['PkgType', result.type],
    ['FilePath', pkg.path],
    ['SrcName', pkg.source?.name],
    ['SrcVersion', pkg.source?.version],
    ['SrcRelease', pkg.source?.release],
    ['SrcEpoch', pkg.source?.epoch ? String(pkg.source.epoch) : undefined],
    ['Modularitylabel', pkg.modularityLabel],
    ['LayerDigest', pkg.layer?.digest],
    ['LayerDiffID', pkg.layer?.diffId],
    ...each('ContentSet', pkg.buildInfo?.contentSets),
    ['NVR', pkg.buildInfo?.nvr],
    ['Arch', pkg.buildInfo?.arch],
  ]);
}

type Pair = readonly [name: string, value: string | undefined];

const each = (name: string, values: readonly string[] = []): readonly Pair[] => values.map((value) => [name, value]);

function propertyList(pairs: readonly Pair[]): readonly BomProperty[] {
  return sortedProperties(pairs.flatMap(([name, value]) => (value ? [{ name, value }] : [])));
}

export function sortedProperties(properties: readonly BomProperty[]): readonly BomProperty[] {
  return properties.toSorted((a, b) => (a.name === b.name ? compare(a.value, b.value) : compare(a.name, b.name)));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Fields that are `undefined` are left out. */
function node(draft: Draft): Node {
  const { licenses = [], ...fields } = draft;
  return { ...compact(fields), licenses, contains: [], dependsOn: [], vulnerabilities: [] };
}

type Required = 'kind' | 'type' | 'name' | 'properties';
type Links = 'contains' | 'dependsOn' | 'vulnerabilities';
type Draft = Pick<Node, Required> & { readonly [K in keyof Omit<Node, Required | Links>]?: Node[K] | undefined };
