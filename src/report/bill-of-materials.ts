/**
 * A report as a graph of components: the artifact, its operating system, its lock files, their packages.
 * Yields   what every format of a bill of materials writes: components with references, what contains and needs what.
 * References are the package URL where only one component has it, else a UUID made of the component's content.
 */
import type { Report } from '#model';
import type { Bom, BomComponent } from './bom.js';
import { componentsOf, type Node } from './bom-components.js';
import { contentUuid } from './content-uuid.js';
import { sbomComponents } from './sbom-components.js';

export function billOfMaterials(report: Report): Bom {
  return billOf(report.sbom ? sbomComponents(report, report.sbom) : componentsOf(report));
}

/** The root is the first. */
export function billOf(nodes: readonly Node[]): Bom {
  const refs = references(nodes);
  const components = nodes.map((node): BomComponent => {
    const { contains, dependsOn, ...component } = node;
    const refsOf = (others: readonly Node[]): readonly string[] => [...new Set(others.map((n) => refs.get(n)!))].sort();
    return { ...component, ref: refs.get(node)!, contains: refsOf(contains), dependsOn: refsOf(dependsOn) };
  });
  const [root, ...rest] = components;
  rest.sort((a, b) => (a.ref < b.ref ? -1 : 1));
  return { root: root!, components: rest, uuid: contentUuid(digested(root!, rest)) };
}

function references(nodes: readonly Node[]): ReadonlyMap<Node, string> {
  const count = new Map<string, number>();
  for (const { bomRef, purl } of nodes) {
    const natural = bomRef ?? purl;
    if (natural !== undefined) count.set(natural, (count.get(natural) ?? 0) + 1);
  }
  const equals = new Map<string, number>();
  return new Map(
    nodes.map((node) => {
      const natural = node.bomRef ?? node.purl;
      if (natural !== undefined && count.get(natural) === 1) return [node, natural];
      const content = describe(node);
      const seen = equals.get(content) ?? 0;
      equals.set(content, seen + 1);
      return [node, contentUuid(seen === 0 ? [content] : [content, String(seen)])];
    }),
  );
}

function describe({ type, group, name, version, purl, digest, path, properties }: Node): string {
  return JSON.stringify([type, group, name, version, purl, digest, path, properties]);
}

function* digested(root: BomComponent, components: readonly BomComponent[]): Generator<string> {
  for (const { vulnerabilities, ...component } of [root, ...components]) {
    yield JSON.stringify(component);
    for (const v of vulnerabilities) yield JSON.stringify([v.id, v.severity, v.fixedVersion, v.lastModifiedDate]);
  }
}
