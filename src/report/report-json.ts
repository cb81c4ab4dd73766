/**
 * The report as the reference's JSON schema version 2: its keys, in its order; additions of ours under `Pratique`.
 * Optional keys are left out when empty, as there. Pure: the same report gives the same bytes.
 */
import { compact, createHash } from '#base';
import type {
  BuildInfo,
  CodeLine,
  Finding,
  LayerRef,
  LicenseFinding,
  Package,
  Report,
  ReportMetadata,
  Result,
  Secret,
  StoredCvss,
  Vulnerability,
} from '#model';

/** The version of the report's contract: what consumers find under `Trivy.Version`. */
export const referenceVersion = '0.74.0';

export interface JsonOptions {
  /** Leave packages out of the results. */
  readonly listPackages: boolean;
  /** Version of this program. */
  readonly version: string;
  /** Write what was taken out of the results, too. */
  readonly showSuppressed?: boolean;
}

/** Stands for the time of a report that does not tell it. */
export const noTime = '0001-01-01T00:00:00Z';

type Json = Readonly<Record<string, unknown>>;

/** Everything of the report but its results, which can be many: `results` are made one at a time. */
export function reportHead(report: Report, options: JsonOptions): Json {
  return compact({
    SchemaVersion: 2,
    Trivy: { Version: referenceVersion },
    Pratique: compact({
      Version: options.version,
      Database: report.database && databaseJson(report.database),
      Diagnostics: report.diagnostics.length > 0 ? report.diagnostics.map(diagnosticJson) : undefined,
    }),
    ReportID: text(report.reportId),
    CreatedAt: report.createdAt === noTime ? undefined : report.createdAt,
    ArtifactID: text(report.artifactId),
    ArtifactName: text(report.artifactName),
    ArtifactType: report.artifactType,
    Metadata: metadataJson(report.metadata),
  });
}

/** One result, or undefined when it has neither a target nor content. */
export function resultJson(result: Result, report: Report, options: JsonOptions): Json | undefined {
  const fields = resultFields(result, report, options);
  if (!fields) return undefined;
  const whole = ([key, value]: [string, unknown]): [string, unknown] => [
    key,
    value instanceof MadeList ? value.slice(0) : value,
  ];
  return Object.fromEntries(Object.entries(fields).map(whole));
}

/** A list of findings or packages, made when it is asked for: there can be many. */
export class MadeList<T = unknown> {
  readonly #values: readonly T[];
  readonly #make: (value: T) => Json;

  constructor(values: readonly T[], make: (value: T) => Json) {
    this.#values = values;
    this.#make = make;
  }

  get length(): number {
    return this.#values.length;
  }

  slice(from: number, to?: number): readonly Json[] {
    return this.#values.slice(from, to).map(this.#make);
  }

  *values(): Generator<Json> {
    for (const value of this.#values) yield this.#make(value);
  }
}

const made = <T>(values: readonly T[] | undefined, make: (value: T) => Json): MadeList<T> | undefined =>
  values?.length ? new MadeList(values, make) : undefined;

/** As `resultJson`, with its long lists not made yet. */
export function resultFields(result: Result, report: Report, options: JsonOptions): Json | undefined {
  const packages = made(options.listPackages ? result.packages : undefined, packageJson);
  const vulnerabilities = made(result.vulnerabilities, (v) => vulnerabilityJson(v, result, report.artifactId ?? ''));
  const secrets = made(result.secrets, secretJson);
  const licenses = made(result.licenses, licenseJson);
  const suppressed = options.showSuppressed ? suppressedJson(result, report) : undefined;
  const content = packages ?? vulnerabilities ?? secrets ?? licenses ?? suppressed;
  if (result.target === '' && !content) return undefined;
  return compact({
    Target: result.target,
    Class: result.class,
    Type: text(result.type),
    Pratique: result.assessed === false ? { Assessed: false } : undefined,
    Packages: packages,
    Vulnerabilities: vulnerabilities,
    Secrets: secrets,
    Licenses: licenses,
    ExperimentalModifiedFindings: suppressed,
  });
}

/** One finding, as lists of findings hold it. */
export function findingJson(finding: Finding, result: Result, report: Report): Json {
  if (finding.kind === 'secret') return secretJson(finding);
  if (finding.kind === 'license') return licenseJson(finding);
  return vulnerabilityJson(finding, result, report.artifactId ?? '');
}

function suppressedJson(result: Result, report: Report): readonly Json[] | undefined {
  return list(
    result.suppressed?.map(({ status, statement, source, finding }) => ({
      Type: finding.kind,
      Status: status,
      Statement: statement,
      Source: source,
      Finding: findingJson(finding, result, report),
    })),
  );
}

function secretJson(secret: Secret): Json {
  const { layer } = secret;
  return compact({
    RuleID: secret.ruleId,
    Category: secret.category,
    Severity: secret.severity,
    Title: secret.title,
    StartLine: secret.startLine,
    EndLine: secret.endLine,
    Code: { Lines: secret.code.length > 0 ? secret.code.map(codeLineJson) : null },
    Match: secret.match,
    Layer: layer && compact({ ...layerJson(layer), CreatedBy: text(layer.createdBy) }),
    Offset: secret.offset || undefined,
  });
}

const codeLineJson = (line: CodeLine): Json =>
  compact({
    Number: line.number,
    Content: line.content,
    IsCause: line.isCause,
    Annotation: '',
    Truncated: line.truncated,
    Highlighted: text(line.content),
    FirstCause: line.firstCause,
    LastCause: line.lastCause,
  });

const licenseJson = (license: LicenseFinding): Json => ({
  Severity: license.severity,
  Category: license.category,
  PkgName: license.packageName,
  FilePath: license.filePath,
  Name: license.name,
  Text: license.text,
  Confidence: license.confidence,
  Link: license.link,
});

function databaseJson(database: NonNullable<Report['database']>): Json {
  return compact({
    Kind: database.kind,
    Version: database.version,
    UpdatedAt: database.updatedAt,
    NextUpdate: database.nextUpdate,
    DownloadedAt: database.downloadedAt,
    Sources: database.sources?.map(({ name, date, license }) => ({ Name: name, Date: date, License: license })),
  });
}

function diagnosticJson(d: Report['diagnostics'][number]): Json {
  return compact({
    Code: d.code,
    Severity: d.severity,
    Message: d.message,
    Path: d.path,
    Line: d.line,
    Layer: d.layer,
  });
}

function metadataJson(metadata: ReportMetadata): Json | undefined {
  const { os, git } = metadata;
  const json = compact({
    Size: metadata.size || undefined,
    OS:
      os &&
      compact({
        Family: os.family,
        Name: os.name,
        EOSL: os.endOfLife || undefined,
        Supplier: text(os.supplier),
        extended: os.extended || undefined,
      }),
    ImageID: text(metadata.imageId),
    DiffIDs: list(metadata.diffIds),
    RepoTags: list(metadata.repoTags),
    RepoDigests: list(metadata.repoDigests),
    Reference: text(metadata.reference),
    ImageConfig: metadata.imageConfig,
    RepoURL: text(git?.repoUrl),
    Branch: text(git?.branch),
    Tags: list(git?.tags),
    Commit: text(git?.commit),
    CommitMsg: text(git?.commitMessage),
    Author: text(git?.author),
    Committer: text(git?.committer),
    Layers: list(
      metadata.layers?.map((l) =>
        compact({ Size: l.size || undefined, Digest: text(l.digest), DiffID: text(l.diffId) }),
      ),
    ),
  });
  return Object.keys(json).length > 0 ? json : undefined;
}

/** Analyses that give the relationship, but never the older key that says the same. */
const withoutIndirect: ReadonlySet<string> = new Set(['pylock']);

export function packageJson(pkg: Package): Json {
  return compact({
    ID: text(pkg.id),
    Name: text(pkg.name),
    Identifier: identifierJson(pkg),
    Version: text(pkg.version),
    Release: text(pkg.release),
    Epoch: pkg.epoch || undefined,
    Arch: text(pkg.arch),
    Dev: pkg.dev || undefined,
    SrcName: text(pkg.source?.name),
    SrcVersion: text(pkg.source?.version),
    SrcRelease: text(pkg.source?.release),
    SrcEpoch: pkg.source?.epoch || undefined,
    Licenses: list(pkg.licenses),
    Maintainer: text(pkg.maintainer),
    Modularitylabel: text(pkg.modularityLabel),
    BuildInfo: pkg.buildInfo && buildInfoJson(pkg.buildInfo),
    Repository: pkg.origin && { Class: pkg.origin },
    Indirect: (pkg.relationship === 'indirect' && !withoutIndirect.has(pkg.analyzedBy ?? '')) || undefined,
    Relationship: pkg.relationship,
    DependsOn: list(pkg.dependsOn),
    Layer: layerJson(pkg.layer),
    FilePath: text(pkg.path),
    Digest: text(pkg.digest),
    Locations: list(pkg.locations?.map(({ start, end }) => ({ StartLine: start, EndLine: end }))),
    InstalledFiles: list(pkg.installedFiles),
    AnalyzedBy: text(pkg.analyzedBy),
  });
}

function vulnerabilityJson(v: Vulnerability, result: Result, artifactId: string): Json {
  return compact({
    VulnerabilityID: v.id,
    VendorIDs: list(v.vendorIds),
    PkgID: text(v.packageId),
    PkgName: v.package.name,
    PkgPath: text(v.package.path),
    PkgIdentifier: identifierJson(v.package),
    InstalledVersion: text(v.installedVersion),
    FixedVersion: text(v.fixedVersion),
    Status: v.status === 'unknown' ? undefined : v.status,
    Layer: layerJson(v.package.layer),
    SeveritySource: text(v.severitySource),
    PrimaryURL: text(v.primaryUrl),
    DataSource:
      v.dataSource &&
      compact({
        ID: v.dataSource.id,
        BaseID: text(v.dataSource.baseId),
        Name: text(v.dataSource.name),
        URL: text(v.dataSource.url),
      }),
    Fingerprint: fingerprint(artifactId, result.target, v),
    Title: text(v.title),
    Description: text(v.description),
    Severity: v.severity,
    CweIDs: list(v.cweIds),
    VendorSeverity: sortedMap(v.vendorSeverity),
    CVSS: sortedMap(v.cvss, cvssJson),
    References: list(v.references),
    PublishedDate: text(v.publishedDate),
    LastModifiedDate: text(v.lastModifiedDate),
  });
}

function fingerprint(artifactId: string, target: string, v: Vulnerability): string {
  return `sha256:${createHash('sha256')
    .update(`${artifactId}:${target}:${v.packageId ?? ''}:${v.id}`)
    .digest('hex')}`;
}

function identifierJson(pkg: Package): Json | undefined {
  const json = compact({ PURL: text(pkg.purl), UID: text(pkg.uid), BOMRef: text(pkg.bomRef) });
  return Object.keys(json).length > 0 ? json : undefined;
}

function layerJson(layer: LayerRef | undefined): Json | undefined {
  return layer && compact({ Digest: text(layer.digest), DiffID: text(layer.diffId) });
}

function buildInfoJson(info: BuildInfo): Json {
  return compact({ ContentSets: list(info.contentSets), Nvr: text(info.nvr), Arch: text(info.arch) });
}

function cvssJson(c: StoredCvss): Json {
  return compact({
    V2Vector: text(c.V2Vector),
    V3Vector: text(c.V3Vector),
    V40Vector: text(c.V40Vector),
    V2Score: c.V2Score || undefined,
    V3Score: c.V3Score || undefined,
    V40Score: c.V40Score || undefined,
  });
}

function sortedMap<T>(
  map: Readonly<Record<string, T>> | undefined,
  encode: (value: T) => unknown = (v) => v,
): Json | undefined {
  const keys = Object.keys(map ?? {}).sort();
  return map && keys.length > 0 ? Object.fromEntries(keys.map((key) => [key, encode(map[key]!)])) : undefined;
}

const text = (value: string | undefined): string | undefined => value || undefined;
const list = <T>(values: readonly T[] | undefined): readonly T[] | undefined => (values?.length ? values : undefined);
