/**
 * A bill of materials as the elements of SPDX 3.0.1, in JSON-LD: core, software, simple licensing and, where
 * vulnerabilities were looked for, the security profile.
 * Elements have the ids of SPDX 2.3 within the document's namespace. What nobody asserts is left out: this version has
 * no `NOASSERTION`.
 * Source  https://spdx.github.io/spdx-spec/v3.0.1/ and https://spdx.org/schema/3.0.1/spdx-json-schema.json
 */
import { documentId, type SpdxChecksum, type SpdxDocument, type SpdxFile, type SpdxPackage } from './spdx-document.js';
import {
  advisoryReference,
  creationInfo,
  elementIds,
  graphElement,
  relationship,
  type ElementIds,
  type GraphElement,
} from './spdx-graph-element.js';
import { vulnerabilityElements } from './spdx-graph-vulnerability.js';
import type { ExtractedLicense } from './spdx-license-texts.js';

export function graphJson(document: SpdxDocument): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['@context', 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld'],
    ['@graph', elementsOf(document)],
  ]);
}

function* elementsOf(document: SpdxDocument): Generator<GraphElement> {
  const ids = elementIds(document.namespace);
  const { packages, files, licenses } = document;
  yield* headOf(document, ids);
  for (const supplier of suppliersOf(packages)) yield organization(supplier, ids);
  for (const license of licenses) yield licenseText(license, ids);
  for (const expression of expressionsOf(packages)) yield licenseExpression(expression, licenses, ids);
  for (const pkg of packages) yield* packageElements(pkg, ids);
  for (const file of files) yield fileElement(file, ids);
  yield* relationshipElements(document, ids);
  yield* vulnerabilityElements(packages, ids);
}

const nameOf = (text: string): string => text.replace(/^(?:Organization|Tool): /, '');

/** The document, who made it with what, and the bill that it holds. */
function* headOf(document: SpdxDocument, ids: ElementIds): Generator<GraphElement> {
  const [maker = '', tool = ''] = document.creators.map(nameOf);
  const toolId = ids.made('Tool', tool);
  yield {
    type: 'CreationInfo',
    '@id': creationInfo,
    specVersion: '3.0.1',
    created: document.created,
    createdBy: [ids.made('Organization', maker)],
    createdUsing: [toolId],
  };
  const suppliers = new Set(suppliersOf(document.packages));
  if (!suppliers.has(maker)) yield organization(maker, ids);
  yield graphElement('Tool', toolId, { name: tool });
  const { packages, files, relationships } = document;
  const secure = packages.some(({ vulnerabilities }) => vulnerabilities.length > 0);
  const dataLicense = ids.made('LicenseExpression', 'CC0-1.0');
  const bill = ids.iri('SPDXRef-Sbom');
  if (!expressionsOf(packages).includes('CC0-1.0')) yield licenseExpression('CC0-1.0', [], ids);
  yield graphElement('SpdxDocument', ids.iri(documentId), {
    name: document.name,
    dataLicense,
    profileConformance: ['core', 'software', 'simpleLicensing', ...(secure ? ['security'] : [])],
    rootElement: [bill],
  });
  yield graphElement('software_Sbom', bill, {
    name: document.name,
    software_sbomType: ['analyzed'],
    rootElement: relationships.filter(({ type }) => type === 'DESCRIBES').map(({ to }) => ids.iri(to)),
    element: [...packages, ...files].map(({ id }) => ids.iri(id)),
  });
}

const organization = (name: string, ids: ElementIds): GraphElement =>
  graphElement('Organization', ids.made('Organization', name), { name });

const supplierOf = ({ supplier }: SpdxPackage): string | undefined =>
  supplier === undefined || supplier === 'NOASSERTION' ? undefined : nameOf(supplier);

const suppliersOf = (packages: readonly SpdxPackage[]): readonly string[] =>
  distinct(packages.flatMap((pkg) => supplierOf(pkg) ?? []));

const expressionsOf = (packages: readonly SpdxPackage[]): readonly string[] =>
  distinct(packages.flatMap(({ license }) => (license === 'NOASSERTION' ? [] : license)));

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

const licenseText = ({ id, name, text, comment }: ExtractedLicense, ids: ElementIds): GraphElement =>
  graphElement('simplelicensing_SimpleLicensingText', ids.iri(id), {
    name: name === 'NOASSERTION' ? undefined : name,
    simplelicensing_licenseText: text,
    comment,
  });

function licenseExpression(text: string, licenses: readonly ExtractedLicense[], ids: ElementIds): GraphElement {
  const known = new Set(licenses.map(({ id }) => id));
  const own = distinct(text.match(/LicenseRef-[\w.-]+/g) ?? []).filter((id) => known.has(id));
  return graphElement('simplelicensing_LicenseExpression', ids.made('LicenseExpression', text), {
    simplelicensing_licenseExpression: text,
    simplelicensing_customIdToUri:
      own.length > 0 ? own.map((key) => ({ type: 'DictionaryEntry', key, value: ids.iri(key) })) : undefined,
  });
}

const hash = ({ algorithm, value }: SpdxChecksum): GraphElement => ({
  type: 'Hash',
  algorithm: algorithm.toLowerCase(),
  hashValue: value,
});

/** `OPERATING-SYSTEM` is `operatingSystem`. */
const purposeOf = ({ purpose }: SpdxPackage): string =>
  purpose.toLowerCase().replace(/[-_](.)/g, (_, letter: string) => letter.toUpperCase());

function* packageElements(pkg: SpdxPackage, ids: ElementIds): Generator<GraphElement> {
  const { downloadLocation, references, checksum } = pkg;
  const id = ids.iri(pkg.id);
  const supplier = supplierOf(pkg);
  const advisories = references.filter(({ type }) => type === 'advisory').map(({ locator }) => locator);
  yield graphElement('software_Package', id, {
    name: pkg.name,
    software_packageVersion: pkg.version,
    software_packageUrl: references.find(({ type }) => type === 'purl')?.locator,
    software_primaryPurpose: purposeOf(pkg),
    software_downloadLocation: downloadLocation === 'NONE' ? undefined : downloadLocation,
    software_sourceInfo: pkg.sourceInfo,
    suppliedBy: supplier === undefined ? undefined : ids.made('Organization', supplier),
    verifiedUsing: checksum && [hash(checksum)],
    externalRef: advisories.length > 0 ? [advisoryReference(advisories)] : undefined,
  });
  for (const [i, statement] of pkg.annotations.entries())
    yield graphElement('Annotation', `${id}-Annotation-${i + 1}`, {
      annotationType: 'other',
      subject: id,
      statement,
    });
}

const fileElement = ({ name, id, checksum }: SpdxFile, ids: ElementIds): GraphElement =>
  graphElement('software_File', ids.iri(id), { name, verifiedUsing: [hash(checksum)] });

const relationTypes = { CONTAINS: 'contains', DEPENDS_ON: 'dependsOn' } as const;

/** One for all targets of a kind. */
function* relationshipElements({ relationships, packages }: SpdxDocument, ids: ElementIds): Generator<GraphElement> {
  const targets = new Map<string, string[]>();
  for (const { from, type, to } of relationships) {
    // What the document describes is the root of the bill.
    if (type === 'DESCRIBES') continue;
    const key = `${from} ${relationTypes[type]}`;
    const known = targets.get(key);
    if (known) known.push(ids.iri(to));
    else targets.set(key, [ids.iri(to)]);
  }
  for (const [key, to] of targets) {
    const [from = '', type = ''] = key.split(' ');
    yield relationship(ids.iri(from), type, to, ids);
  }
  for (const { id, license } of packages) {
    if (license !== 'NOASSERTION')
      for (const type of ['hasDeclaredLicense', 'hasConcludedLicense'])
        yield relationship(ids.iri(id), type, [ids.made('LicenseExpression', license)], ids);
  }
}
