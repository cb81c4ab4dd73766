/** The findings of a JSON report, schema version 2, as `report-json.ts` writes them. */
import { compact } from '#base';
import {
  severities,
  statuses,
  type Finding,
  type LayerRef,
  type LicenseCategory,
  type LicenseFinding,
  type Package,
  type Secret,
  type Severity,
  type Status,
  type StoredCvss,
  type Suppressed,
  type Vulnerability,
} from '#model';
import type { Cursor } from './report-cursor.js';

/** Finds the package that a vulnerability of the same result is in. */
export type PackageFinder = (key: { uid?: string; id?: string; name: string; path?: string }) => Package | undefined;

export function readVulnerability(at: Cursor, find: PackageFinder): Vulnerability {
  const name = at.object().at('PkgName').word();
  const identity = at.at('PkgIdentifier').optional(readIdentity) ?? {};
  const id = at.at('PkgID').text();
  const path = at.at('PkgPath').text();
  const installedVersion = at.at('InstalledVersion').text() ?? '';
  const layer = at.at('Layer').optional(readLayer);
  const listed = find(compact({ uid: identity.uid, id, name, path }));
  return compact({
    kind: 'vulnerability' as const,
    id: at.at('VulnerabilityID').word(),
    vendorIds: at.at('VendorIDs').texts(),
    package: listed ?? compact({ id, name, version: installedVersion, path, layer, ...identity }),
    packageId: id,
    installedVersion,
    fixedVersion: at.at('FixedVersion').text(),
    status: at.at('Status').oneOf(statuses) ?? 'unknown',
    severity: readSeverity(at),
    severitySource: at.at('SeveritySource').text(),
    primaryUrl: at.at('PrimaryURL').text(),
    dataSource: at.at('DataSource').optional((source) =>
      compact({
        id: source.at('ID').text() ?? '',
        baseId: source.at('BaseID').text(),
        name: source.at('Name').text(),
        url: source.at('URL').text(),
      }),
    ),
    title: at.at('Title').text(),
    description: at.at('Description').text(),
    cweIds: at.at('CweIDs').texts(),
    vendorSeverity: at.at('VendorSeverity').map((level) => level.number() ?? 0),
    cvss: at.at('CVSS').map(readCvss),
    references: at.at('References').texts(),
    publishedDate: at.at('PublishedDate').text(),
    lastModifiedDate: at.at('LastModifiedDate').text(),
  });
}

export function readSecret(at: Cursor): Secret {
  return compact({
    kind: 'secret' as const,
    ruleId: at.object().at('RuleID').word(),
    category: at.at('Category').text() ?? '',
    severity: readSeverity(at),
    title: at.at('Title').text() ?? '',
    startLine: at.at('StartLine').number() ?? 0,
    endLine: at.at('EndLine').number() ?? 0,
    code: at.at('Code').optional((code) => code.at('Lines').list(readLine)) ?? [],
    match: at.at('Match').text() ?? '',
    offset: at.at('Offset').number(),
    layer: at
      .at('Layer')
      .optional((layer) => compact({ ...readLayer(layer), createdBy: layer.at('CreatedBy').text() })),
  });
}

const readLine = (line: Cursor): Secret['code'][number] => ({
  number: line.object().at('Number').number() ?? 0,
  content: line.at('Content').text() ?? '',
  isCause: line.at('IsCause').flag(),
  truncated: line.at('Truncated').flag(),
  firstCause: line.at('FirstCause').flag(),
  lastCause: line.at('LastCause').flag(),
});

const categories: readonly LicenseCategory[] = [
  'forbidden',
  'restricted',
  'reciprocal',
  'notice',
  'permissive',
  'unencumbered',
  'unknown',
];

export function readLicense(at: Cursor): LicenseFinding {
  return {
    kind: 'license',
    severity: readSeverity(at.object()),
    category: at.at('Category').oneOf(categories) ?? 'unknown',
    packageName: at.at('PkgName').text() ?? '',
    filePath: at.at('FilePath').text() ?? '',
    name: at.at('Name').text() ?? '',
    text: at.at('Text').text() ?? '',
    confidence: at.at('Confidence').number() ?? 0,
    link: at.at('Link').text() ?? '',
  };
}

const suppressedStatuses: readonly (Status | 'ignored')[] = [...statuses, 'ignored'];

/** `undefined` for kinds of findings that reports cannot hold yet. */
export function readSuppressed(at: Cursor, find: PackageFinder): Suppressed | undefined {
  const type = at.object().at('Type').word();
  const readers: Readonly<Record<string, (finding: Cursor) => Finding>> = {
    vulnerability: (finding) => readVulnerability(finding, find),
    secret: readSecret,
    license: readLicense,
  };
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  return (
    read && {
      status: at.at('Status').oneOf(suppressedStatuses) ?? 'ignored',
      statement: at.at('Statement').text() ?? '',
      source: at.at('Source').text() ?? '',
      finding: read(at.at('Finding').object()),
    }
  );
}

export function readLayer(at: Cursor): LayerRef {
  return compact({ digest: at.at('Digest').text(), diffId: at.at('DiffID').text() });
}

export function readIdentity(at: Cursor): Pick<Package, 'purl' | 'uid' | 'bomRef'> {
  return compact({ purl: at.at('PURL').text(), uid: at.at('UID').text(), bomRef: at.at('BOMRef').text() });
}

const readSeverity = (at: Cursor): Severity => at.at('Severity').oneOf(severities) ?? 'UNKNOWN';

function readCvss(at: Cursor): StoredCvss {
  return compact({
    V2Vector: at.object().at('V2Vector').text(),
    V3Vector: at.at('V3Vector').text(),
    V40Vector: at.at('V40Vector').text(),
    V2Score: at.at('V2Score').number(),
    V3Score: at.at('V3Score').number(),
    V40Score: at.at('V40Score').number(),
  });
}
