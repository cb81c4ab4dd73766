/** What SARIF says of a finding of any kind: its rule, its message, where it is. */
import { oneLine } from '#base';
import type { Finding, LicenseFinding, LineRange, Package, Result, Secret, Severity, Vulnerability } from '#model';
import { parseReference } from '#oci';
import { markdownCell, prose, unlinked } from './inert-text.js';

export interface SarifFinding {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly tag: 'vulnerability' | 'secret' | 'license';
  readonly shortDescription: string;
  readonly fullDescription: string;
  readonly helpText: string;
  readonly helpMarkdown: string;
  readonly helpUri?: string;
  readonly message: string;
  /** Path in the artifact, not yet a URI. */
  readonly path: string;
  readonly locationMessage: string;
  /** None: the file as a whole. */
  readonly lines: readonly LineRange[];
  /** What tells findings of one rule and file apart, lines aside: lines move. */
  readonly subject: string;
}

export function sarifFinding(finding: Finding, result: Result, lines: LineLookup): SarifFinding {
  if (finding.kind === 'secret') return secretFinding(finding, result);
  if (finding.kind === 'license') return licenseFinding(finding, result);
  return vulnerabilityFinding(finding, result, lines);
}

function vulnerabilityFinding(v: Vulnerability, result: Result, lines: LineLookup): SarifFinding {
  const { id, severity, fixedVersion = '', primaryUrl = '', description = '', title = '' } = v;
  const { name } = v.package;
  const link = `[${id}](${primaryUrl})`;
  const path = v.package.path || resultPath(result);
  const about = [`Severity: ${severity}`, `Fixed Version: ${unlinked(fixedVersion)}`, `Link: ${link}`] as const;
  return {
    ruleId: id,
    severity,
    tag: 'vulnerability',
    shortDescription: prose(title),
    fullDescription: prose(description || title),
    helpText: [
      `Vulnerability ${id}`,
      about[0],
      `Package: ${unlinked(name)}`,
      about[1],
      about[2],
      prose(description),
    ].join('\n'),
    helpMarkdown: [
      `**Vulnerability ${id}**`,
      '| Severity | Package | Fixed Version | Link |',
      '| --- | --- | --- | --- |',
      `|${severity}|${markdownCell(name)}|${oneLine(fixedVersion)}|${link}|`,
      '',
      prose(description),
    ].join('\n'),
    ...(primaryUrl && { helpUri: primaryUrl }),
    message: [
      `Package: ${unlinked(name)}`,
      `Installed Version: ${unlinked(v.installedVersion)}`,
      `Vulnerability ${id}`,
      ...about,
    ].join('\n'),
    path,
    locationMessage: unlinked(`${path}: ${name}@${v.installedVersion}`),
    lines: lines(name, v.installedVersion),
    subject: name,
  };
}

/** The rules of this program, described for people. */
const secretRules = 'https://github.com/aquasecurity/trivy/blob/main/pkg/fanal/secret/builtin-rules.go';

function secretFinding(secret: Secret, result: Result): SarifFinding {
  const { title, severity, match } = secret;
  return {
    ruleId: secret.ruleId,
    severity,
    tag: 'secret',
    shortDescription: title,
    fullDescription: oneLine(match),
    helpText: `Secret ${title}\nSeverity: ${severity}\nMatch: ${unlinked(match)}`,
    helpMarkdown: `**Secret ${title}**\n| Severity | Match |\n| --- | --- |\n|${severity}|${markdownCell(match)}|`,
    helpUri: secretRules,
    message: [
      `Artifact: ${unlinked(result.target)}`,
      `Type: ${result.type ?? ''}`,
      `Secret ${title}`,
      `Severity: ${severity}`,
      `Match: ${unlinked(match)}`,
    ].join('\n'),
    path: result.target,
    locationMessage: unlinked(result.target),
    lines: [{ start: secret.startLine, end: secret.endLine }],
    subject: match,
  };
}

function licenseFinding(license: LicenseFinding, result: Result): SarifFinding {
  const { packageName, name, category, filePath, severity, link } = license;
  const description = oneLine(`${name} in ${packageName}`);
  return {
    ruleId: oneLine(`${packageName}:${name}`),
    severity,
    tag: 'license',
    shortDescription: description,
    fullDescription: description,
    helpText: [
      `License ${unlinked(name)}`,
      `Classification: ${category}`,
      `PkgName: ${unlinked(packageName)}`,
      `Path: ${unlinked(filePath)}`,
    ].join('\n'),
    helpMarkdown: [
      `**License ${markdownCell(name)}**`,
      '| PkgName | Classification | Path |',
      '| --- | --- | --- |',
      `|${markdownCell(packageName)}|${category}|${markdownCell(filePath)}|`,
    ].join('\n'),
    ...(link && { helpUri: link }),
    message: [
      `Artifact: ${unlinked(result.target)}`,
      `License ${unlinked(name)}`,
      `PkgName: ${unlinked(packageName)}`,
      ` Classification: ${category}`,
      ` Path: ${unlinked(filePath)}`,
    ].join('\n'),
    path: result.target,
    locationMessage: '',
    lines: [],
    subject: filePath,
  };
}

/** Of an operating system, the repository of the image, as it is the same whatever the tag. */
function resultPath({ class: kind, target }: Result): string {
  if (kind !== 'os-pkgs') return target;
  const bracket = target.search(/\s*\(/);
  const name = bracket > 0 ? target.slice(0, bracket) : target;
  try {
    return parseReference(name).repository;
  } catch {
    // A path, or a host name: no reference.
    return name;
  }
}

/** The lines that declare a package of this name and version. */
export type LineLookup = (name: string, version: string) => readonly LineRange[];

export function lineLookup(packages: readonly Package[]): LineLookup {
  const byName = new Map<string, readonly LineRange[]>();
  for (const { name, version, locations = [] } of packages) {
    const key = JSON.stringify([name, version]);
    if (!byName.has(key)) byName.set(key, locations);
  }
  return (name, version) => byName.get(JSON.stringify([name, version])) ?? [];
}
