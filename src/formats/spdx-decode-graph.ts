/**
 * SPDX 3.0 documents: a JSON-LD graph of elements.
 * Reads   the software, core and simple licensing profiles in the compact form of the SPDX context; other contexts
 *         are not resolved.
 * Yields  a component per software package, related by `contains` and `dependsOn`; annotations with a statement
 *         `Name: value` become properties.
 * Errors  `FieldError` for fields of another type.
 * Source  https://spdx.github.io/spdx-spec/v3.0.1/
 */
import { compact } from '#base';
import type { Sbom, SbomComponent, SbomComponentKind, SbomHash, SbomProperty } from '#model';
import { hashName } from './cyclonedx-decode.js';
import { tablesField, textField, textsField, type Table } from './sbom-field.js';
import { SbomBuilder } from './sbom-builder.js';
import { propertyOf } from './spdx-decode.js';
import { sourceProperties } from './spdx-source.js';
import { textOf, textsOf } from './untyped.js';

export function isSpdxGraph(value: unknown): boolean {
  const contexts = [textOf(value, '@context'), ...textsOf(value, '@context')];
  return contexts.some((context) => context?.startsWith('https://spdx.org/rdf/3.'));
}

interface Graph {
  readonly properties: ReadonlyMap<string, readonly SbomProperty[]>;
  /** What each element is related to, by type of relationship. */
  readonly related: (from: string, type: string) => readonly string[];
  readonly elements: ReadonlyMap<string, Table>;
}

export function decodeSpdxGraph(document: Table): Sbom {
  const elements = new Map<string, Table>();
  const annotations = new Map<string, SbomProperty[]>();
  const relations = new Map<string, string[]>();
  const packages: Table[] = [];
  tablesField(document, '@graph', (element) => {
    const type = textField(element, 'type') ?? '';
    elements.set(textField(element, 'spdxId') ?? textField(element, '@id') ?? '', element);
    if (type.endsWith('Package')) packages.push(element);
    else if (type === 'Annotation') note(annotations, element);
    else if (type.endsWith('Relationship')) relate(relations, element);
  });
  const graph: Graph = {
    properties: annotations,
    related: (from, type) => relations.get(`${type}\n${from}`) ?? [],
    elements,
  };
  const builder = new SbomBuilder();
  for (const pkg of packages) {
    const id = textField(pkg, 'spdxId') ?? textField(pkg, '@id');
    const ref = builder.add(readPackage(pkg, id ?? '', graph), id);
    for (const type of ['contains', 'dependsOn']) builder.relate(ref, graph.related(ref, type));
  }
  const header = [...elements.values()].find((element) => element['type'] === 'SpdxDocument') ?? {};
  return compact({
    format: 'spdx' as const,
    specVersion: versionOf(elements) ?? '3.0',
    id: textField(header, 'spdxId'),
    name: textField(header, 'name'),
    tools: [...elements.values()].flatMap((e) => (e['type'] === 'Tool' ? (textField(e, 'name') ?? []) : [])),
    root: rootOf(header, elements),
    ...builder.content(),
  });
}

function note(annotations: Map<string, SbomProperty[]>, element: Table): void {
  const subject = textField(element, 'subject') ?? '';
  const found = propertyOf(textField(element, 'statement') ?? '');
  const known = annotations.get(subject);
  if (known) known.push(...found);
  else annotations.set(subject, found);
}

function relate(relations: Map<string, string[]>, element: Table): void {
  const key = `${textField(element, 'relationshipType') ?? ''}\n${textField(element, 'from') ?? ''}`;
  const targets = relations.get(key);
  const found = textsField(element, 'to');
  if (targets) for (const target of found) targets.push(target);
  else relations.set(key, found);
}

function versionOf(elements: ReadonlyMap<string, Table>): string | undefined {
  for (const element of elements.values()) {
    if (element['type'] === 'CreationInfo') return textField(element, 'specVersion');
  }
  return undefined;
}

/** The document's root is often a bill, whose own root is the package. */
function rootOf(header: Table, elements: ReadonlyMap<string, Table>): string | undefined {
  const [first] = textsField(header, 'rootElement');
  const element = first === undefined ? undefined : elements.get(first);
  const inner =
    element && textOf(element, 'type') === 'software_Sbom' ? textsField(element, 'rootElement')[0] : undefined;
  return inner ?? first;
}

const purposes: ReadonlyMap<string, SbomComponentKind> = new Map([
  ['application', 'application'],
  ['container', 'container'],
  ['file', 'file'],
  ['framework', 'library'],
  ['library', 'library'],
  ['operatingSystem', 'operating-system'],
]);

function readPackage(pkg: Table, id: string, graph: Graph): Omit<SbomComponent, 'ref'> {
  const purpose = textField(pkg, 'software_primaryPurpose');
  const file = graph
    .related(id, 'contains')
    .map((ref) => graph.elements.get(ref))
    .find((element) => element?.['type'] === 'software_File');
  const path = file && textField(file, 'name');
  const hashes = file ? hashesOf(file) : [];
  return compact({
    kind: purpose === undefined ? ('library' as const) : (purposes.get(purpose) ?? 'other'),
    name: textField(pkg, 'name') ?? '',
    version: textField(pkg, 'software_packageVersion'),
    purl: textField(pkg, 'software_packageUrl') ?? externalPackageUrl(pkg),
    supplier: nameOfElement(graph, textField(pkg, 'suppliedBy')),
    licenses: licensesOf(id, graph),
    hashes: hashes.length > 0 ? hashes : hashesOf(pkg),
    properties: [
      ...(graph.properties.get(id) ?? []),
      ...sourceProperties(textField(pkg, 'software_sourceInfo')),
      ...(path === undefined ? [] : [{ name: 'FilePath', value: path }]),
    ],
  });
}

function externalPackageUrl(pkg: Table): string | undefined {
  return tablesField(pkg, 'externalIdentifier', (identifier) =>
    textField(identifier, 'externalIdentifierType') === 'packageUrl' ? textField(identifier, 'identifier') : undefined,
  ).find((locator) => locator !== undefined);
}

function hashesOf(element: Table): SbomHash[] {
  return tablesField(element, 'verifiedUsing', (method) => {
    const algorithm = textField(method, 'algorithm');
    const value = textField(method, 'hashValue');
    return algorithm && value ? [{ algorithm: hashName(algorithm), value: value.toLowerCase() }] : [];
  }).flat();
}

function licensesOf(id: string, graph: Graph): string[] {
  const declared = graph.related(id, 'hasDeclaredLicense');
  const refs = declared.length > 0 ? declared : graph.related(id, 'hasConcludedLicense');
  return refs.flatMap((ref) => {
    const element = graph.elements.get(ref);
    const found = element && (expressionOf(element, graph) ?? textField(element, 'name'));
    return found === undefined || found === 'NONE' || found === 'NOASSERTION' ? [] : [found];
  });
}

/** One license of the document's own is what that license is called, or its text. */
function expressionOf(element: Table, graph: Graph): string | undefined {
  const expression = textField(element, 'simplelicensing_licenseExpression');
  const own = tablesField(element, 'simplelicensing_customIdToUri', (entry) =>
    textField(entry, 'key') === expression ? graph.elements.get(textField(entry, 'value') ?? '') : undefined,
  ).find((license) => license !== undefined);
  if (!own) return expression;
  return textField(own, 'name') ?? textField(own, 'simplelicensing_licenseText') ?? expression;
}

const nameOfElement = (graph: Graph, ref: string | undefined): string | undefined => {
  const element = ref === undefined ? undefined : graph.elements.get(ref);
  return element && textField(element, 'name');
};
