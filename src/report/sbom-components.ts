/**
 * The components of a report on a bill of materials: those of the bill as it was read, with what the scan found.
 * Yields  the described component first; without one, the report's own artifact with all that nothing else leads to.
 */
import { compact, FormatError } from '#base';
import { decodePurl, encodePurl } from '#formats';
import type { Package, Report, Sbom, SbomComponent, SourcePackage } from '#model';
import { artifactNode, type Node, sortedProperties } from './bom-components.js';

export function sbomComponents(report: Report, sbom: Sbom): readonly Node[] {
  const nodes = new Map(sbom.components.map((component) => [component.ref, nodeOf(component, sbom.root)]));
  for (const { from, to } of sbom.relations) {
    const node = nodes.get(from);
    if (!node) continue;
    const holds = node.kind === 'system' || node.kind === 'application' ? node.contains : node.dependsOn;
    for (const ref of to) {
      const other = nodes.get(ref);
      if (other) holds.push(other);
    }
  }
  addVulnerabilities(report, sbom, nodes);
  const root = nodes.get(sbom.root ?? '');
  const all = [...nodes.values()];
  if (root) return [root, ...all.filter((node) => node !== root)];
  const reached = new Set(all.flatMap(({ contains, dependsOn }) => [...contains, ...dependsOn]));
  const artifact = artifactNode(report);
  artifact.contains.push(...all.filter((node) => !reached.has(node)));
  return [artifact, ...all];
}

const types = {
  application: 'application',
  container: 'container',
  file: 'file',
  library: 'library',
  'operating-system': 'operating-system',
  other: 'platform',
  platform: 'platform',
} as const satisfies Record<SbomComponent['kind'], Node['type']>;

function nodeOf(component: SbomComponent, root: string | undefined): Node {
  const { bomRef, group, name, version, supplier, licenses } = component;
  const [hash] = component.hashes;
  const property = (wanted: string): string | undefined =>
    component.properties.find((candidate) => candidate.name === wanted && !candidate.foreign)?.value;
  return {
    ...compact({
      bomRef,
      group,
      version,
      purl: normalPurl(component.purl),
      supplier,
      digest: hash && `${hash.algorithm}:${hash.value}`,
      path: property('FilePath'),
      source: sourceOf(property),
    }),
    kind: kindOf(component, root),
    type: types[component.kind],
    name,
    licenses,
    properties: sortedProperties(component.properties),
    contains: [],
    dependsOn: [],
    vulnerabilities: [],
  };
}

function kindOf({ ref, kind, purl }: SbomComponent, root: string | undefined): Node['kind'] {
  if (ref === root) return 'artifact';
  if (kind === 'operating-system') return 'system';
  return kind === 'application' && purl === undefined ? 'application' : 'package';
}

function sourceOf(property: (name: string) => string | undefined): SourcePackage | undefined {
  const name = property('SrcName');
  if (name === undefined) return undefined;
  const epoch = Number(property('SrcEpoch') ?? 0);
  return compact({
    name,
    version: property('SrcVersion') ?? '',
    release: property('SrcRelease'),
    epoch: Number.isSafeInteger(epoch) && epoch > 0 ? epoch : undefined,
  });
}

/** As packages of the report have it. */
function normalPurl(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : encodePurl(decodePurl(text));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Packages are told by their reference, and by package URL and place where the bill has no references. */
function addVulnerabilities(report: Report, sbom: Sbom, nodes: ReadonlyMap<string, Node>): void {
  const byRef = new Map<string, Node>();
  const byPlace = new Map<string, Node>();
  for (const { ref, bomRef } of sbom.components) {
    const node = nodes.get(ref)!;
    if (bomRef !== undefined) byRef.set(bomRef, node);
    byPlace.set(placeOf(node), node);
  }
  for (const { vulnerabilities } of report.results) {
    for (const found of vulnerabilities) {
      const node = byRef.get(found.package.bomRef ?? '') ?? byPlace.get(placeOf(found.package));
      // One package may be in several applications of the report, and is one component all the same.
      if (node && !node.vulnerabilities.some(({ id }) => id === found.id)) node.vulnerabilities.push(found);
    }
  }
}

const placeOf = ({ purl, path }: Pick<Package, 'purl' | 'path'>): string => `${purl ?? ''}\n${path ?? ''}`;
