/** For tests: one small bill of materials in every format, and the wrappings of attestations. */
export const cycloneDx = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: 'urn:uuid:00000000-0000-4000-8000-000000000001',
  version: 3,
  metadata: {
    tools: { components: [{ type: 'application', name: 'maker' }] },
    component: {
      'bom-ref': 'root',
      type: 'container',
      name: 'shop',
      properties: [{ name: 'aquasecurity:trivy:ImageID', value: 'sha256:aa' }],
    },
  },
  components: [
    {
      'bom-ref': 'app',
      type: 'application',
      name: 'package-lock.json',
      properties: [
        { name: 'aquasecurity:trivy:Type', value: 'npm' },
        { name: 'other:Type', value: 'x' },
      ],
      components: [
        {
          type: 'library',
          group: '@paint',
          name: 'brush',
          version: '1.2.3',
          purl: 'pkg:npm/%40paint/brush@1.2.3',
          supplier: { name: 'Paint' },
          licenses: [{ license: { id: 'MIT' } }, { expression: 'MIT OR ISC' }, { license: { name: 'own' } }],
          hashes: [{ alg: 'SHA-256', content: 'AB' }],
        },
      ],
    },
  ],
  dependencies: [{ ref: 'root', dependsOn: ['app'] }],
  externalReferences: [
    { type: 'website', url: 'https://shop.example' },
    { type: 'exploitability-statement', url: 'https://shop.example/vex.json' },
  ],
};

export const xml = `<?xml version="1.0"?>
<c:bom xmlns:c="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:00000000-0000-4000-8000-000000000001" version="3">
  <c:metadata>
    <c:tools><c:components><c:component type="application"><c:name>maker</c:name></c:component></c:components></c:tools>
    <c:component type="container" bom-ref="root"><c:name>shop</c:name>
      <c:properties><c:property name="aquasecurity:trivy:ImageID">sha256:aa</c:property></c:properties>
    </c:component>
  </c:metadata>
  <c:components>
    <c:component type="application" bom-ref="app"><c:name>package-lock.json</c:name>
      <c:properties><c:property name="aquasecurity:trivy:Type">npm</c:property>
        <c:property name="other:Type">x</c:property></c:properties>
      <c:components><c:component type="library">
        <c:supplier><c:name>Paint</c:name></c:supplier>
        <c:group>@paint</c:group><c:name>brush</c:name><c:version>1.2.3</c:version>
        <c:hashes><c:hash alg="SHA-256">AB</c:hash></c:hashes>
        <c:licenses>
          <c:license><c:id>MIT</c:id></c:license>
          <c:expression>MIT OR ISC</c:expression>
          <c:license><c:name>own</c:name></c:license>
        </c:licenses>
        <c:purl>pkg:npm/%40paint/brush@1.2.3</c:purl>
      </c:component></c:components>
    </c:component>
  </c:components>
  <c:dependencies><c:dependency ref="root"><c:dependency ref="app"/></c:dependency></c:dependencies>
  <c:externalReferences>
    <c:reference type="website"><c:url>https://shop.example</c:url></c:reference>
    <c:reference type="exploitability-statement"><c:url>https://shop.example/vex.json</c:url></c:reference>
  </c:externalReferences>
</c:bom>`;

export const spdx = {
  spdxVersion: 'SPDX-2.3',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'shop',
  documentNamespace: 'https://example.org/shop',
  creationInfo: { creators: ['Organization: Shop', 'Tool: maker-1'] },
  packages: [
    { SPDXID: 'SPDXRef-os', name: 'debian', versionInfo: '12.5', primaryPackagePurpose: 'OPERATING-SYSTEM' },
    {
      SPDXID: 'SPDXRef-libc6',
      name: 'libc6',
      versionInfo: '2.36-9',
      supplier: 'Organization: Debian',
      sourceInfo: 'built package from: glibc 1:2.36-9',
      licenseConcluded: 'NOASSERTION',
      licenseDeclared: 'LicenseRef-1,MIT',
      primaryPackagePurpose: 'LIBRARY',
      checksums: [{ algorithm: 'SHA1', checksumValue: 'AA' }],
      externalRefs: [
        { referenceCategory: 'SECURITY', referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:a' },
        {
          referenceCategory: 'PACKAGE-MANAGER',
          referenceType: 'purl',
          referenceLocator: 'pkg:deb/debian/libc6@2.36-9?arch=amd64',
        },
      ],
      annotations: [{ annotationType: 'OTHER', annotator: 'Tool: maker-1', comment: 'PkgID: libc6@2.36-9' }],
    },
  ],
  files: [
    {
      SPDXID: 'SPDXRef-file',
      fileName: './var/lib/dpkg/status',
      checksums: [{ algorithm: 'SHA256', checksumValue: 'bb' }],
    },
  ],
  hasExtractedLicensingInfos: [{ licenseId: 'LicenseRef-1', name: 'house rules', extractedText: 'Text' }],
  relationships: [
    { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-os' },
    { spdxElementId: 'SPDXRef-libc6', relationshipType: 'CONTAINED_BY', relatedSpdxElement: 'SPDXRef-os' },
    { spdxElementId: 'SPDXRef-libc6', relationshipType: 'CONTAINS', relatedSpdxElement: 'SPDXRef-file' },
    { spdxElementId: 'SPDXRef-libc6', relationshipType: 'OTHER', relatedSpdxElement: 'SPDXRef-os' },
  ],
};

export const tagValue = `SPDXVersion: SPDX-2.3
# a comment
SPDXID: SPDXRef-DOCUMENT
DocumentName: shop
DocumentNamespace: https://example.org/shop
Creator: Organization: Shop
Creator: Tool: maker-1
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-os

PackageName: debian
SPDXID: SPDXRef-os
PackageVersion: 12.5
PrimaryPackagePurpose: OPERATING-SYSTEM

PackageName: libc6
SPDXID: SPDXRef-libc6
PackageVersion: 2.36-9
PackageSupplier: Organization: Debian
PackageSourceInfo: <text>built package from: glibc 1:2.36-9</text>
PackageLicenseConcluded: NOASSERTION
PackageLicenseDeclared: LicenseRef-1,MIT
PrimaryPackagePurpose: LIBRARY
PackageChecksum: SHA1: AA
PackageComment: <text>two
lines: of it</text>
ExternalRef: SECURITY cpe23Type cpe:2.3:a
ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/libc6@2.36-9?arch=amd64
Relationship: SPDXRef-libc6 CONTAINED_BY SPDXRef-os

FileName: ./var/lib/dpkg/status
SPDXID: SPDXRef-file
FileChecksum: SHA256: bb

LicenseID: LicenseRef-1
LicenseName: house rules
ExtractedText: Text

Annotator: Tool: maker-1
AnnotationType: OTHER
AnnotationComment: PkgID: libc6@2.36-9
SPDXREF: SPDXRef-libc6
`;

export const graph = {
  '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
  '@graph': [
    { type: 'CreationInfo', '@id': '_:c', specVersion: '3.0.1' },
    { type: 'SpdxDocument', spdxId: 'https://example.org/shop', name: 'shop', rootElement: ['urn:bom'] },
    { type: 'software_Sbom', spdxId: 'urn:bom', rootElement: ['urn:os'] },
    { type: 'Tool', spdxId: 'urn:tool', name: 'maker-1' },
    { type: 'Organization', spdxId: 'urn:org', name: 'Debian' },
    {
      type: 'software_Package',
      spdxId: 'urn:os',
      name: 'debian',
      software_packageVersion: '12.5',
      software_primaryPurpose: 'operatingSystem',
    },
    {
      type: 'software_Package',
      spdxId: 'urn:libc6',
      name: 'libc6',
      software_packageVersion: '2.36-9',
      software_packageUrl: 'pkg:deb/debian/libc6@2.36-9?arch=amd64',
      software_sourceInfo: 'built package from: glibc 1:2.36-9',
      software_primaryPurpose: 'library',
      suppliedBy: 'urn:org',
      verifiedUsing: [{ type: 'Hash', algorithm: 'sha1', hashValue: 'AA' }],
    },
    {
      type: 'software_File',
      spdxId: 'urn:file',
      name: 'var/lib/dpkg/status',
      verifiedUsing: [{ type: 'Hash', algorithm: 'sha256', hashValue: 'bb' }],
    },
    { type: 'simplelicensing_LicenseExpression', spdxId: 'urn:l', simplelicensing_licenseExpression: 'MIT' },
    { type: 'Relationship', from: 'urn:libc6', to: ['urn:l'], relationshipType: 'hasDeclaredLicense' },
    { type: 'Relationship', from: 'urn:os', to: ['urn:libc6'], relationshipType: 'contains' },
    { type: 'Relationship', from: 'urn:libc6', to: ['urn:file'], relationshipType: 'contains' },
    { type: 'Annotation', subject: 'urn:libc6', annotationType: 'other', statement: 'PkgID: libc6@2.36-9' },
  ],
};

export const statement = (predicateType: string, predicate: unknown) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'shop', digest: { sha256: 'aa' } }],
  predicateType,
  predicate,
});
export const envelope = (value: unknown) => ({
  payloadType: 'application/vnd.in-toto+json',
  payload: Buffer.from(JSON.stringify(value)).toString('base64'),
  signatures: [{ sig: 'x' }],
});
