/**
 * Reads a JSON report again, ours or the reference's, so that it can be filtered and written in another format.
 * Reads   schema version 2; keys that are not known are dropped, as are fingerprints, which are made anew.
 * Yields  a report; misconfigurations, which it cannot hold yet, are a diagnostic.
 * Limits  the size of the text is its reader's; 100 levels of nesting in the image configuration.
 * Errors  `FormatError` with the path of the field, or the line where it is not JSON.
 * Source  https://trivy.dev/latest/docs/configuration/reporting/#json
 */
import { compact, FormatError } from '#base';
import { parseLocatedJson } from '#formats';
import type {
  ArtifactType,
  DatabaseInfo,
  Diagnostic,
  ImageConfig,
  Report,
  ReportMetadata,
  Result,
  ResultClass,
} from '#model';
import { readLicense, readSecret, readSuppressed, readVulnerability } from './read-findings.js';
import { packageFinder, readPackage } from './read-packages.js';
import { Cursor } from './report-cursor.js';
import { noTime } from './report-json.js';

export function readReportJson(text: string): Report {
  const root = new Cursor(parse(text), '').object();
  refuseOthers(root);
  const diagnostics: Diagnostic[] = [];
  const results = root.at('Results').list((at) => readResult(at.object(), diagnostics)) ?? [];
  const own = root.at('Pratique');
  return compact({
    artifactName: root.at('ArtifactName').text() ?? '',
    artifactType: root.at('ArtifactType').oneOf(artifactTypes) ?? 'filesystem',
    artifactId: root.at('ArtifactID').text(),
    createdAt: readTime(root.at('CreatedAt')),
    reportId: root.at('ReportID').text() ?? '',
    metadata: root.at('Metadata').optional(readMetadata) ?? {},
    results,
    database: own.at('Database').optional(readDatabase),
    diagnostics: [...(own.at('Diagnostics').list(readDiagnostic) ?? []), ...diagnostics],
  });
}

function parse(text: string): unknown {
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    return JSON.parse(plain);
  } catch (cause) {
    // Slower, but it knows the line.
    parseLocatedJson(plain);
    throw new FormatError('not JSON', { cause });
  }
}

const artifactTypes: readonly ArtifactType[] = [
  'container_image',
  'filesystem',
  'repository',
  'cyclonedx',
  'spdx',
  'vm',
];

function refuseOthers(root: Cursor): void {
  const named = root.at('ArtifactName').text() || root.at('ArtifactType').text();
  if (
    !root.at('ClusterName').isAbsent ||
    !root.at('Resources').isAbsent ||
    (root.at('SchemaVersion').isAbsent && !named)
  )
    throw new FormatError('not the report of one artifact; reports of clusters and accounts cannot be converted');
  const version = root.at('SchemaVersion').number();
  if (version !== 2) throw new FormatError(`SchemaVersion is ${version ?? 'missing'}, only version 2 can be read`);
}

const classes: readonly ResultClass[] = [
  'os-pkgs',
  'lang-pkgs',
  'config',
  'secret',
  'license',
  'license-file',
  'custom',
];

function readTime(at: Cursor): string {
  const time = at.text() ?? noTime;
  if (Number.isNaN(Date.parse(time))) throw new FormatError(`${at.path} is not a time`);
  return time;
}

function readResult(at: Cursor, diagnostics: Diagnostic[]): Result {
  const packages = at.at('Packages').list(readPackage);
  const find = packageFinder(packages ?? []);
  const suppressed = at.at('ExperimentalModifiedFindings').list((entry) => readSuppressed(entry, find));
  const own = at.at('Pratique');
  const left = at.at('Misconfigurations').list(() => true)?.length ?? 0;
  if (left > 0) {
    const message = `${at.path}: ${left} misconfigurations are left out; they cannot be converted yet`;
    diagnostics.push({ code: 'report/left-out', severity: 'error', message });
  }
  return compact({
    target: at.at('Target').text() ?? '',
    class: at.at('Class').oneOf(classes) ?? 'custom',
    type: at.at('Type').text(),
    packages,
    assessed: own.isAbsent || own.at('Assessed').isAbsent || own.at('Assessed').flag() ? undefined : (false as const),
    vulnerabilities: at.at('Vulnerabilities').list((v) => readVulnerability(v, find)) ?? [],
    secrets: at.at('Secrets').list(readSecret),
    licenses: at.at('Licenses').list(readLicense),
    suppressed: suppressed?.filter((entry) => entry !== undefined),
  });
}

function readMetadata(at: Cursor): ReportMetadata {
  const config = at.at('ImageConfig').optional((cursor) => cursor.value as ImageConfig);
  if (config) checkDepth(config, 'Metadata.ImageConfig');
  const git = compact({
    repoUrl: at.at('RepoURL').text(),
    branch: at.at('Branch').text(),
    tags: at.at('Tags').texts(),
    commit: at.at('Commit').text(),
    commitMessage: at.at('CommitMsg').text(),
    author: at.at('Author').text(),
    committer: at.at('Committer').text(),
  });
  return compact({
    size: at.at('Size').number(),
    os: at.at('OS').optional((os) =>
      compact({
        family: os.at('Family').text() ?? '',
        name: os.at('Name').text() ?? '',
        endOfLife: os.at('EOSL').flag() || undefined,
        supplier: os.at('Supplier').text(),
        extended: os.at('extended').flag() || undefined,
      }),
    ),
    imageId: at.at('ImageID').text(),
    diffIds: at.at('DiffIDs').texts(),
    repoTags: at.at('RepoTags').texts(),
    repoDigests: at.at('RepoDigests').texts(),
    reference: at.at('Reference').text(),
    imageConfig: config,
    layers: at.at('Layers').list((layer) =>
      compact({
        size: layer.object().at('Size').number(),
        digest: layer.at('Digest').text(),
        diffId: layer.at('DiffID').text(),
      }),
    ),
    git: Object.keys(git).length > 0 ? git : undefined,
  });
}

/** It is written again as it is, by code that goes down as deep as it does. */
function checkDepth(value: unknown, path: string, depth = 0): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > 100) throw new FormatError(`${path} is nested deeper than 100 levels`);
  for (const inner of Object.values(value)) checkDepth(inner, path, depth + 1);
}

function readDatabase(at: Cursor): DatabaseInfo {
  return compact({
    kind: at.at('Kind').oneOf(['downloaded', 'embedded']) ?? 'downloaded',
    version: at.at('Version').number() ?? 0,
    updatedAt: at.at('UpdatedAt').text(),
    nextUpdate: at.at('NextUpdate').text(),
    downloadedAt: at.at('DownloadedAt').text(),
    sources: at.at('Sources').list((source) => ({
      name: source.object().at('Name').text() ?? '',
      date: source.at('Date').text() ?? '',
      license: source.at('License').text() ?? '',
    })),
  });
}

function readDiagnostic(at: Cursor): Diagnostic {
  return compact({
    code: at.object().at('Code').word(),
    severity: at.at('Severity').oneOf(['error', 'warning', 'info']) ?? 'warning',
    message: at.at('Message').text() ?? '',
    path: at.at('Path').text(),
    line: at.at('Line').number(),
    layer: at.at('Layer').text(),
  });
}
