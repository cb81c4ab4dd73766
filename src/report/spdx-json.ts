/**
 * `spdx-json`: a bill of materials in SPDX 2.3, as JSON, or in SPDX 3.0 (`spdx-graph.ts`).
 * Source  https://github.com/spdx/spdx-spec/blob/v2.3/schemas/spdx-schema.json
 */
import { compact } from '#base';
import { defineFormat } from './format.js';
import { jsonText } from './json-text.js';
import { documentId, spdxDocument, type SpdxDocument, type SpdxFile, type SpdxPackage } from './spdx-document.js';

export const spdxJson = defineFormat({
  id: 'spdx-json',
  title: 'bill of materials, SPDX 2.3 or 3.0 JSON',
  mediaType: 'application/spdx+json',
  extension: 'spdx.json',
  async *encode(report, options) {
    const document = spdxDocument(report, options);
    if (options.spdxVersion === '3.0') {
      const { graphJson } = await import('./spdx-graph.js');
      yield* jsonText(graphJson(document));
    } else yield* jsonText(documentJson(document));
    yield '\n';
  },
});

function documentJson(document: SpdxDocument): ReadonlyMap<string, unknown> {
  const { creators, created, files, licenses, relationships } = document;
  return new Map<string, unknown>([
    ['spdxVersion', 'SPDX-2.3'],
    ['dataLicense', 'CC0-1.0'],
    ['SPDXID', documentId],
    ['name', document.name],
    ['documentNamespace', document.namespace],
    ['creationInfo', { creators, created }],
    ['packages', packagesJson(document)],
    ['files', files.length > 0 ? files.map(fileJson) : undefined],
    [
      'hasExtractedLicensingInfos',
      licenses.length > 0
        ? licenses.map(({ id, name, text, comment }) => ({ licenseId: id, extractedText: text, name, comment }))
        : undefined,
    ],
    [
      'relationships',
      relationships.map(({ from, type, to }) => ({
        spdxElementId: from,
        relatedSpdxElement: to,
        relationshipType: type,
      })),
    ],
  ]);
}

function* packagesJson({ packages, creators, created }: SpdxDocument): Generator<unknown> {
  for (const pkg of packages) yield packageJson(pkg, creators[1]!, created);
}

function packageJson(pkg: SpdxPackage, annotator: string, annotationDate: string): unknown {
  const { verificationCode, checksum, references, annotations } = pkg;
  return compact({
    name: pkg.name,
    SPDXID: pkg.id,
    versionInfo: pkg.version,
    supplier: pkg.supplier,
    downloadLocation: pkg.downloadLocation,
    filesAnalyzed: verificationCode !== undefined,
    packageVerificationCode:
      verificationCode === undefined ? undefined : { packageVerificationCodeValue: verificationCode },
    checksums: checksum && [{ algorithm: checksum.algorithm, checksumValue: checksum.value }],
    sourceInfo: pkg.sourceInfo,
    licenseConcluded: pkg.license,
    licenseDeclared: pkg.license,
    externalRefs:
      references.length > 0
        ? references.map(({ category, type, locator }) => ({
            referenceCategory: category,
            referenceType: type,
            referenceLocator: locator,
          }))
        : undefined,
    primaryPackagePurpose: pkg.purpose,
    annotations:
      annotations.length > 0
        ? annotations.map((comment) => ({ annotator, annotationDate, annotationType: 'OTHER', comment }))
        : undefined,
  });
}

function fileJson({ name, id, checksum }: SpdxFile): unknown {
  const checksums = [{ algorithm: checksum.algorithm, checksumValue: checksum.value }];
  return { fileName: name, SPDXID: id, checksums, copyrightText: '' };
}
