/** Rules of a SARIF run: one for each vulnerability, kind of secret, and license of a package. */
import { compact } from '#base';
import type { Finding, Result, ResultClass, Severity, Vulnerability } from '#model';
import type { SarifFinding } from './sarif-finding.js';

export function ruleJson(described: SarifFinding, { finding, result }: { finding: Finding; result: Result }): unknown {
  const { severity } = described;
  const cvss = finding.kind === 'vulnerability' ? cvssProperties(finding) : {};
  return compact({
    id: described.ruleId,
    name: ruleNames[result.class] ?? 'UnknownIssue',
    shortDescription: { text: described.shortDescription },
    fullDescription: { text: described.fullDescription },
    defaultConfiguration: { level: level(severity) },
    helpUri: described.helpUri,
    help: { text: described.helpText, markdown: described.helpMarkdown },
    properties: compact({
      ...cvss,
      precision: 'very-high',
      'security-severity': cvss.cvssv3_baseScore?.toFixed(1) ?? scores[severity],
      tags: [described.tag, 'security', severity],
      pratique: finding.kind === 'vulnerability' ? ownProperties(finding) : undefined,
    }),
  });
}

const ruleNames: Partial<Readonly<Record<ResultClass, string>>> = {
  'os-pkgs': 'OsPackageVulnerability',
  'lang-pkgs': 'LanguageSpecificPackageVulnerability',
  secret: 'Secret',
  license: 'License',
  'license-file': 'License',
};

/** The middle of each band, where no score is known. */
const scores: Readonly<Record<Severity, string>> = {
  CRITICAL: '9.5',
  HIGH: '8.0',
  MEDIUM: '5.5',
  LOW: '2.0',
  UNKNOWN: '0.0',
};

export function level(severity: Severity): 'error' | 'warning' | 'note' {
  if (severity === 'CRITICAL' || severity === 'HIGH') return 'error';
  return severity === 'MEDIUM' ? 'warning' : 'note';
}

interface CvssProperties {
  readonly cvssv2_vector?: string;
  readonly cvssv2_score?: number;
  readonly cvssv3_vector?: string;
  readonly cvssv3_baseScore?: number;
  readonly cvssv40_vector?: string;
  readonly cvssv40_baseScore?: number;
}

/** Of the source whose severity counts. */
function cvssProperties({ cvss = {}, severitySource = '' }: Vulnerability): CvssProperties {
  const scored = Object.hasOwn(cvss, severitySource) ? cvss[severitySource]! : {};
  return compact({
    cvssv2_vector: scored.V2Vector || undefined,
    cvssv2_score: scored.V2Score || undefined,
    cvssv3_vector: scored.V3Vector || undefined,
    cvssv3_baseScore: scored.V3Score || undefined,
    cvssv40_vector: scored.V40Vector || undefined,
    cvssv40_baseScore: scored.V40Score || undefined,
  });
}

function ownProperties(v: Vulnerability): unknown {
  const json = compact({
    cwes: v.cweIds?.length ? v.cweIds : undefined,
    dataSource: v.dataSource?.id,
    severitySource: v.severitySource || undefined,
  });
  return Object.keys(json).length > 0 ? json : undefined;
}
