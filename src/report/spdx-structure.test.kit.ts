/**
 * Checks of SPDX 2.3 after the text of the specification, beside the official program's (official-validators.test.ts):
 * required fields, unique and well-formed element ids, references that lead somewhere, license expressions of known parts.
 * https://spdx.github.io/spdx-spec/v2.3/
 */
import assert from 'node:assert/strict';
import { spdxLicense } from '#formats';

type Fields = Readonly<Record<string, unknown>>;

const elementId = /^SPDXRef-[A-Za-z0-9.-]+$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

export function assertSpdxJson(value: unknown): void {
  const document = value as Fields;
  assert.equal(document['spdxVersion'], 'SPDX-2.3');
  assert.equal(document['dataLicense'], 'CC0-1.0');
  assert.equal(document['SPDXID'], 'SPDXRef-DOCUMENT');
  assert.ok(document['name']);
  assertNamespace(document['documentNamespace']);
  const { creators, created } = document['creationInfo'] as { creators: string[]; created: string };
  for (const creator of creators) assert.match(creator, /^(?:Person|Organization|Tool): ./);
  assert.match(created, time);
  const packages = document['packages'] as Fields[];
  const files = (document['files'] ?? []) as Fields[];
  const extracted = (document['hasExtractedLicensingInfos'] ?? []) as Fields[];
  const licenses = new Set(extracted.map((one) => one['licenseId'] as string));
  for (const one of extracted) {
    assert.match(one['licenseId'] as string, /^LicenseRef-[A-Za-z0-9.-]+$/);
    assert.ok((one['extractedText'] as string).trim());
  }
  for (const pkg of packages) assertPackage(pkg, licenses);
  for (const file of files) {
    assert.ok(file['fileName']);
    for (const sum of file['checksums'] as Fields[]) assertChecksum(sum);
  }
  const ids = ['SPDXRef-DOCUMENT', ...[...packages, ...files].map((element) => element['SPDXID'] as string)];
  assertIds(ids);
  for (const relation of document['relationships'] as Fields[]) {
    assert.ok(ids.includes(relation['spdxElementId'] as string));
    assert.ok(ids.includes(relation['relatedSpdxElement'] as string));
    assert.match(relation['relationshipType'] as string, /^(?:DESCRIBES|CONTAINS|DEPENDS_ON)$/);
  }
}

function assertNamespace(namespace: unknown): void {
  assert.match(namespace as string, /^[a-z]+:\/\/[^\s#<>"{}|\\^`]+$/);
  assert.ok(new URL(namespace as string));
}

function assertIds(ids: readonly string[]): void {
  assert.equal(new Set(ids).size, ids.length, 'ids are unique');
  for (const id of ids) assert.match(id, elementId);
}

function assertPackage(pkg: Fields, licenses: ReadonlySet<string>): void {
  assert.ok(typeof pkg['name'] === 'string');
  assert.match(pkg['downloadLocation'] as string, /^(?:NONE|NOASSERTION|git\+.+)$/);
  if (pkg['supplier'] !== undefined)
    assert.match(pkg['supplier'] as string, /^(?:NOASSERTION|(?:Person|Organization): [^])/);
  assert.equal(pkg['filesAnalyzed'], pkg['packageVerificationCode'] !== undefined);
  for (const sum of (pkg['checksums'] ?? []) as Fields[]) assertChecksum(sum);
  for (const key of ['licenseConcluded', 'licenseDeclared']) assertLicense(pkg[key] as string, licenses);
  for (const reference of (pkg['externalRefs'] ?? []) as Fields[])
    assert.match(reference['referenceCategory'] as string, /^(?:PACKAGE-MANAGER|SECURITY)$/);
  assert.match(pkg['primaryPackagePurpose'] as string, /^(?:APPLICATION|CONTAINER|LIBRARY|OPERATING-SYSTEM|SOURCE)$/);
  for (const annotation of (pkg['annotations'] ?? []) as Fields[]) {
    assert.equal(annotation['annotationType'], 'OTHER');
    assert.match(annotation['annotationDate'] as string, time);
  }
}

const digits: Readonly<Record<string, number>> = { MD5: 32, SHA1: 40, SHA256: 64, SHA512: 128 };

function assertChecksum(sum: Fields): void {
  assert.match(sum['checksumValue'] as string, /^[0-9a-f]+$/);
  assert.ok((sum['checksumValue'] as string).length <= digits[sum['algorithm'] as string]!);
}

function assertLicense(expression: string, known: ReadonlySet<string>): void {
  if (expression === 'NOASSERTION') return;
  for (const reference of expression.match(/LicenseRef-[\w.-]+/g) ?? []) assert.ok(known.has(reference), expression);
  assert.notEqual(spdxLicense(expression.replace(/LicenseRef-[\w.-]+/g, 'MIT')).kind, 'other', expression);
}

const tags = new Set(
  `SPDXVersion DataLicense SPDXID DocumentName DocumentNamespace Creator Created PackageName PackageVersion
  PackageSupplier PackageDownloadLocation PrimaryPackagePurpose FilesAnalyzed PackageVerificationCode PackageChecksum
  PackageSourceInfo PackageLicenseConcluded PackageLicenseDeclared ExternalRef FileName FileChecksum LicenseID
  ExtractedText LicenseName LicenseComment Relationship`.split(/\s+/),
);

/** Every line is a known tag, a comment or blank; every element has an id of its own and is related to known ones. */
export function assertSpdxTagValue(text: string): void {
  const ids: string[] = [];
  const related: string[] = [];
  for (const line of text.replace(/<text>[^]*?<\/text>/g, '').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, tag = '', value = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
    assert.ok(tags.has(tag), JSON.stringify(line));
    if (tag === 'SPDXID') ids.push(value);
    if (tag === 'Relationship') {
      const [from, type, to] = value.split(' ');
      assert.match(type!, /^(?:DESCRIBES|CONTAINS|DEPENDS_ON)$/);
      related.push(from!, to!);
    }
  }
  assertIds(ids);
  for (const id of related) assert.ok(ids.includes(id), id);
  assert.equal(text.match(/^SPDXID: SPDXRef-DOCUMENT$/gm)?.length, 1);
}
