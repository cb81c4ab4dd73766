/**
 * CycloneDX in XML, brought into the shape of the JSON format.
 * Reads   elements of any prefix; the specification's version comes from the namespace.
 * Errors  `FormatError` when the root is no `bom`.
 * Source  https://cyclonedx.org/docs/1.7/xml/
 */
import { compact, FormatError } from '#base';
import type { Sbom } from '#model';
import { decodeCycloneDx } from './cyclonedx-decode.js';
import type { Table } from './sbom-field.js';
import { childrenOf, type XmlElement } from './xml.js';

const namespace = 'http://cyclonedx.org/schema/bom/';
const maxDepth = 128;

export function decodeCycloneDxXml(root: XmlElement): Sbom {
  const schema = Object.values(root.attributes).find((value) => value.startsWith(namespace));
  if (root.name !== 'bom' || schema === undefined) throw new FormatError('this XML document is not CycloneDX');
  const metadata = child(root, 'metadata');
  return decodeCycloneDx(
    compact({
      bomFormat: 'CycloneDX',
      specVersion: schema.slice(namespace.length),
      serialNumber: root.attributes['serialNumber'],
      version: /^\d{1,9}$/.test(root.attributes['version'] ?? '') ? Number(root.attributes['version']) : undefined,
      metadata:
        metadata &&
        compact({
          component: ifAny(child(metadata, 'component'), (element) => componentTable(element, 0)),
          tools: [...listed(metadata, 'tools', 'tool'), ...toolComponents(metadata)].map((tool) => nameTable(tool)),
        }),
      components: listed(root, 'components', 'component').map((element) => componentTable(element, 0)),
      dependencies: listed(root, 'dependencies', 'dependency').map(dependencyTable),
      externalReferences: listed(root, 'externalReferences', 'reference').map((reference) =>
        compact({ type: reference.attributes['type'], url: textOf(reference, 'url') }),
      ),
    }),
  );
}

function componentTable(element: XmlElement, depth: number): Table {
  if (depth > maxDepth) throw new FormatError(`components are nested deeper than ${maxDepth} levels`);
  return compact({
    'bom-ref': element.attributes['bom-ref'],
    type: element.attributes['type'],
    group: textOf(element, 'group'),
    name: textOf(element, 'name'),
    version: textOf(element, 'version'),
    purl: textOf(element, 'purl'),
    supplier: ifAny(child(element, 'supplier'), nameTable),
    licenses: ifAny(child(element, 'licenses'), ({ children }) => children.map(licenseTable)),
    hashes: listed(element, 'hashes', 'hash').map((hash) => ({
      alg: hash.attributes['alg'],
      content: hash.text.trim(),
    })),
    properties: listed(element, 'properties', 'property').map((property) => ({
      name: property.attributes['name'],
      // Up to 1.4 some programs wrote the value as an attribute.
      value: property.text.trim() || property.attributes['value'],
    })),
    components: listed(element, 'components', 'component').map((inner) => componentTable(inner, depth + 1)),
  });
}

function licenseTable(element: XmlElement): Table {
  if (element.name === 'expression') return { expression: element.text.trim() };
  return { license: compact({ id: textOf(element, 'id'), name: textOf(element, 'name') }) };
}

const dependencyTable = (element: XmlElement): Table => ({
  ref: element.attributes['ref'],
  dependsOn: childrenOf(element, 'dependency').flatMap((inner) => inner.attributes['ref'] ?? []),
});

const toolComponents = (metadata: XmlElement): readonly XmlElement[] =>
  ifAny(child(metadata, 'tools'), (tools) => listed(tools, 'components', 'component')) ?? [];

const nameTable = (element: XmlElement): Table => compact({ name: textOf(element, 'name') });

const child = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((candidate) => candidate.name === name);

const textOf = (element: XmlElement, name: string): string | undefined => child(element, name)?.text.trim();

const listed = (element: XmlElement, list: string, name: string): readonly XmlElement[] =>
  ifAny(child(element, list), (found) => childrenOf(found, name)) ?? [];

const ifAny = <T>(element: XmlElement | undefined, read: (element: XmlElement) => T): T | undefined =>
  element && read(element);
