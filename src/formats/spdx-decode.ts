/**
 * SPDX 2.x documents as parsed JSON (or tag-value text brought into the same shape).
 * Yields  a component per package, related by CONTAINS and DEPENDS_ON in either direction. What the format says in
 *         fields of its own becomes the properties that CycloneDX documents carry: source package, path, package id.
 *         A file that a package contains gives the package its path and hash.
 * Errors  `FieldError` for fields of another type; `FormatError` for other major versions.
 * Source  https://spdx.github.io/spdx-spec/v2.3/
 */
import { compact, FormatError } from '#base';
import type { Sbom, SbomComponent, SbomComponentKind, SbomHash, SbomProperty } from '#model';
import { hashName } from './cyclonedx-decode.js';
import { tableField, tablesField, textField, textsField, type Table } from './sbom-field.js';
import { SbomBuilder } from './sbom-builder.js';
import { sourceProperties } from './spdx-source.js';

interface FileEntry {
  readonly path: string;
  readonly hashes: readonly SbomHash[];
}

interface Relationship {
  readonly from: string;
  readonly to: string;
  readonly type: string;
}

export function decodeSpdx(document: Table): Sbom {
  const specVersion = (textField(document, 'spdxVersion') ?? 'SPDX-2.0').replace(/^SPDX-/, '');
  if (!/^2\.\d+$/.test(specVersion)) throw new FormatError(`SPDX ${specVersion} is not supported (2.x and 3.0 are)`);
  const files = new Map(tablesField(document, 'files', readFile));
  const relationships = tablesField(document, 'relationships', readRelationship);
  const contained = filesOfPackages(relationships, files);
  const licenses = new Map(tablesField(document, 'hasExtractedLicensingInfos', readExtractedLicense));
  const builder = new SbomBuilder();
  tablesField(document, 'packages', (pkg) => {
    const id = textField(pkg, 'SPDXID');
    const [own] = textsField(pkg, 'hasFiles').flatMap((ref) => files.get(ref) ?? []);
    builder.add(readPackage(pkg, id, own ?? contained.get(id ?? ''), licenses), id);
  });
  const described = textsField(document, 'documentDescribes');
  for (const { from, to, type } of relationships) {
    if (type === 'DESCRIBES' || type === 'DESCRIBE') described.push(to);
    else if (type === 'DESCRIBED_BY') described.push(from);
    else if (forward.has(type)) builder.relate(from, [to]);
    else if (type === 'CONTAINED_BY' || type.endsWith('DEPENDENCY_OF')) builder.relate(to, [from]);
  }
  return compact({
    format: 'spdx' as const,
    specVersion,
    id: textField(document, 'documentNamespace'),
    name: textField(document, 'name'),
    tools: tableField(document, 'creationInfo', toolNames) ?? [],
    root: described[0],
    ...builder.content(),
  });
}

const forward: ReadonlySet<string> = new Set(['CONTAINS', 'DEPENDS_ON']);

function readFile(file: Table): [string, FileEntry] {
  const path = (textField(file, 'fileName') ?? '').replace(/^\.?\//, '');
  return [textField(file, 'SPDXID') ?? '', { path, hashes: readChecksums(file) }];
}

function readRelationship(relationship: Table): Relationship {
  return {
    from: textField(relationship, 'spdxElementId') ?? '',
    to: textField(relationship, 'relatedSpdxElement') ?? '',
    type: textField(relationship, 'relationshipType') ?? '',
  };
}

function filesOfPackages(
  relationships: readonly Relationship[],
  files: ReadonlyMap<string, FileEntry>,
): ReadonlyMap<string, FileEntry> {
  const found = new Map<string, FileEntry>();
  for (const { from, to, type } of relationships) {
    const file = type === 'CONTAINS' ? files.get(to) : undefined;
    if (file && !found.has(from)) found.set(from, file);
  }
  return found;
}

function readExtractedLicense(license: Table): [string, string | undefined] {
  return [textField(license, 'licenseId') ?? '', textField(license, 'name') ?? textField(license, 'extractedText')];
}

function readPackage(
  pkg: Table,
  id: string | undefined,
  file: FileEntry | undefined,
  extracted: ReadonlyMap<string, string | undefined>,
): Omit<SbomComponent, 'ref'> {
  const kind = kindOf(textField(pkg, 'primaryPackagePurpose'), id);
  const sourceInfo = textField(pkg, 'sourceInfo');
  const properties = [
    ...annotationProperties(pkg),
    ...sourceProperties(sourceInfo),
    ...(file?.path ? [{ name: 'FilePath', value: file.path }] : []),
  ];
  const common = compact({
    kind,
    name: textField(pkg, 'name') ?? '',
    version: textField(pkg, 'versionInfo'),
    purl: packageUrlOf(pkg),
    supplier: supplierOf(textField(pkg, 'supplier')),
    licenses: licensesOf(textField(pkg, 'licenseDeclared') ?? textField(pkg, 'licenseConcluded'), extracted),
    hashes: file?.hashes.length ? file.hashes : readChecksums(pkg),
    properties,
  });
  // Before annotations were used, an application's name was its type and the source information its path.
  if (kind !== 'application' || sourceInfo === undefined || properties.some(({ name }) => name === 'Type'))
    return common;
  return { ...common, name: sourceInfo, properties: [...properties, { name: 'Type', value: common.name }] };
}

/** That nobody is named is no name. */
function supplierOf(text: string | undefined): string | undefined {
  return text === 'NOASSERTION' ? undefined : text?.replace(/^(?:Organization|Person): /, '');
}

const purposes: ReadonlyMap<string, SbomComponentKind> = new Map([
  ['APPLICATION', 'application'],
  ['CONTAINER', 'container'],
  ['FILE', 'file'],
  ['FRAMEWORK', 'library'],
  ['LIBRARY', 'library'],
  ['OPERATING-SYSTEM', 'operating-system'],
  ['OPERATING_SYSTEM', 'operating-system'],
]);

/** By purpose; older documents of this program's family tell it by the identifier. */
function kindOf(purpose: string | undefined, id = ''): SbomComponentKind {
  if (purpose !== undefined) return purposes.get(purpose) ?? 'other';
  if (id.startsWith('SPDXRef-OperatingSystem-')) return 'operating-system';
  if (id.startsWith('SPDXRef-Application-')) return 'application';
  if (id.startsWith('SPDXRef-ContainerImage-')) return 'container';
  return /^SPDXRef-(?:Filesystem|Repository|Vm)-/.test(id) ? 'other' : 'library';
}

function packageUrlOf(pkg: Table): string | undefined {
  const locators = tablesField(pkg, 'externalRefs', (reference) =>
    textField(reference, 'referenceType') === 'purl' ? textField(reference, 'referenceLocator') : undefined,
  );
  return locators.find((locator) => locator !== undefined);
}

function readChecksums(table: Table): SbomHash[] {
  return tablesField(table, 'checksums', (checksum) => {
    const algorithm = textField(checksum, 'algorithm');
    const value = textField(checksum, 'checksumValue');
    return algorithm && value ? [{ algorithm: hashName(algorithm), value: value.toLowerCase() }] : [];
  }).flat();
}

function licensesOf(declared: string | undefined, extracted: ReadonlyMap<string, string | undefined>): string[] {
  if (declared === undefined || declared === 'NONE') return [];
  return declared.split(',').map((part) => extracted.get(part.trim()) ?? part.trim());
}

/** `PkgID: a@1`, as a comment of an annotation or, before 2023, an attribution text. */
function annotationProperties(pkg: Table): SbomProperty[] {
  const comments = tablesField(pkg, 'annotations', (annotation) => textField(annotation, 'comment') ?? '');
  return [...comments, ...textsField(pkg, 'attributionTexts')].flatMap(propertyOf);
}

export function propertyOf(text: string): SbomProperty[] {
  const colon = text.indexOf(': ');
  return colon > 0 ? [{ name: text.slice(0, colon), value: text.slice(colon + 2) }] : [];
}

function toolNames(creation: Table): string[] {
  return textsField(creation, 'creators').flatMap((creator) =>
    creator.startsWith('Tool: ') ? [creator.slice('Tool: '.length)] : [],
  );
}
