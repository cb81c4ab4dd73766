/**
 * `spdx`: a bill of materials in SPDX 2.3, as tags and values.
 * A value is one line: control characters are made visible, so that no name begins a tag of its own. Only license
 * texts have several lines, within `<text>`, and cannot end it.
 * Source  https://spdx.github.io/spdx-spec/v2.3/ (tag-value format)
 */
import { oneLine } from '#base';
import { defineFormat } from './format.js';
import { withoutCommands } from './inert-text.js';
import { documentId, spdxDocument, type SpdxChecksum, type SpdxDocument, type SpdxPackage } from './spdx-document.js';

export const spdx = defineFormat({
  id: 'spdx',
  title: 'bill of materials, SPDX 2.3 tag-value',
  mediaType: 'text/spdx',
  extension: 'spdx',
  async *encode(report, options) {
    const document = spdxDocument(report, options);
    yield head(document);
    yield files(document);
    for (const pkg of document.packages) yield `##### Package: ${oneLine(pkg.name)}\n\n${packageLines(pkg)}\n`;
    yield licenses(document);
    yield relationships(document);
  },
});

const line = (tag: string, value: string | undefined): string =>
  value === undefined ? '' : `${tag}: ${oneLine(value)}\n`;

function head({ name, namespace, creators, created }: SpdxDocument): string {
  return [
    line('SPDXVersion', 'SPDX-2.3'),
    line('DataLicense', 'CC0-1.0'),
    line('SPDXID', documentId),
    line('DocumentName', name),
    line('DocumentNamespace', namespace),
    ...creators.map((creator) => line('Creator', creator)),
    line('Created', created),
    '\n',
  ].join('');
}

const checksumText = ({ algorithm, value }: SpdxChecksum): string => `${algorithm}: ${value}`;

function packageLines(pkg: SpdxPackage): string {
  return [
    line('PackageName', pkg.name),
    line('SPDXID', pkg.id),
    line('PackageVersion', pkg.version),
    line('PackageSupplier', pkg.supplier),
    line('PackageDownloadLocation', pkg.downloadLocation),
    line('PrimaryPackagePurpose', pkg.purpose),
    line('FilesAnalyzed', pkg.verificationCode === undefined ? 'false' : undefined),
    line('PackageVerificationCode', pkg.verificationCode),
    line('PackageChecksum', pkg.checksum && checksumText(pkg.checksum)),
    line('PackageSourceInfo', pkg.sourceInfo),
    line('PackageLicenseConcluded', pkg.license),
    line('PackageLicenseDeclared', pkg.license),
    ...pkg.references.map(({ category, type, locator }) => line('ExternalRef', `${category} ${type} ${locator}`)),
  ].join('');
}

/** Before the packages: a file belongs to the package above it. */
function files({ files: all }: SpdxDocument): string {
  if (all.length === 0) return '';
  const written = all.map(
    ({ name, id, checksum }) =>
      line('FileName', name) + line('SPDXID', id) + line('FileChecksum', checksumText(checksum)),
  );
  return `##### Unpackaged files\n\n${written.join('\n')}\n`;
}

function licenses({ licenses: all }: SpdxDocument): string {
  if (all.length === 0) return '';
  const written = all.map(({ id, name, text, comment }) =>
    [
      line('LicenseID', id),
      `ExtractedText: <text>${textBlock(text)}</text>\n`,
      line('LicenseName', name),
      line('LicenseComment', comment),
    ].join(''),
  );
  return `##### Other Licensing Information\n\n${written.join('\n')}\n`;
}

const textBlock = (text: string): string =>
  withoutCommands(text.split(/\r?\n/).map(oneLine).join('\n')).replace(/<(?=\/?text>)/gi, '&lt;');

function relationships({ relationships: all }: SpdxDocument): string {
  return `##### Relationships\n\n${all.map(({ from, type, to }) => line('Relationship', `${from} ${type} ${to}`)).join('')}\n`;
}
