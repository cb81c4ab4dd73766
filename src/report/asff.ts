/**
 * `asff`: findings for AWS Security Hub, under the default product of the account, so that no subscription is needed.
 * `BatchImportFindings` takes 100 findings at a time.
 * Errs on  AWS_REGION or AWS_ACCOUNT_ID not being in the environment
 * Source   https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html
 */
import { compact, oneLine, PratiqueError } from '#base';
import type { Report, Severity } from '#model';
import { contentUuid } from './content-uuid.js';
import { cutText } from './cut-text.js';
import { type FlatFinding, flatFindings, linksOf } from './flat-finding.js';
import { defineFormat, type FormatOptions } from './format.js';
import { jsonText } from './json-text.js';
import { plainText } from './markup-text.js';
import { programName } from './program-name.js';

export const asff = defineFormat({
  id: 'asff',
  title: 'findings for AWS Security Hub (ASFF)',
  mediaType: 'application/json',
  extension: 'json',
  async *encode(report, options) {
    const account = accountOf(options);
    yield* jsonText(new Map([['Findings', findings(report, account)]]));
    yield '\n';
  },
});

interface Account {
  readonly id: string;
  readonly region: string;
  readonly partition: string;
}

function accountOf({ env = {} }: FormatOptions): Account {
  const id = env['AWS_ACCOUNT_ID'] ?? '';
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || '';
  if (!/^\d{12}$/.test(id) || !/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region))
    throw new PratiqueError('usage/invalid', {
      problem: '--format asff needs AWS_ACCOUNT_ID (12 digits) and AWS_REGION in the environment',
    });
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return { id, region, partition };
}

const labels: Readonly<Record<Severity, string>> = {
  UNKNOWN: 'INFORMATIONAL',
  LOW: 'LOW',
  MEDIUM: 'MEDIUM',
  HIGH: 'HIGH',
  CRITICAL: 'CRITICAL',
};

function* findings(report: Report, account: Account): Generator<unknown> {
  const seen = new Map<string, number>();
  for (const found of flatFindings(report)) {
    const { id, subject, installed, path, target, line = 0 } = found;
    const key = contentUuid([report.artifactName, id, subject, installed, path, target, `${line}`]);
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    yield findingJson(found, report, account, times > 0 ? `${key}-${times}` : key);
  }
}

function findingJson(found: FlatFinding, report: Report, account: Account, key: string): unknown {
  const { id, severity, subject, title, description, kind, url } = found;
  const { partition, region, id: owner } = account;
  const artifact = notEmpty(cutText(oneLine(report.artifactName), 300));
  return compact({
    SchemaVersion: '2018-10-08',
    Id: `${programName}/${cutText(oneLine(id), 100)}/${key}`,
    ProductArn: `arn:${partition}:securityhub:${region}:${owner}:product/${owner}/default`,
    GeneratorId: `${programName}/${cutText(oneLine(id), 200)}`,
    AwsAccountId: owner,
    Types: [
      kind === 'secret' ? 'Sensitive Data Identifications' : 'Software and Configuration Checks/Vulnerabilities/CVE',
    ],
    CreatedAt: report.createdAt,
    UpdatedAt: report.createdAt,
    Severity: { Label: labels[severity] },
    Title: cutText(oneLine(`${id}: ${subject} in ${artifact}`), 256),
    Description: notEmpty(cutText(plainText(description || title), 1024)),
    Remediation: url ? { Recommendation: { Text: remedy(found), Url: url } } : undefined,
    ProductFields: { 'Product Name': programName },
    Resources: [resource(found, artifact, partition, region)],
    Vulnerabilities: kind === 'vulnerability' ? [vulnerabilityJson(found)] : undefined,
    RecordState: 'ACTIVE',
  });
}

const remedy = ({ fixed, subject }: FlatFinding): string =>
  fixed ? cutText(oneLine(`Upgrade ${subject} to ${fixed}`), 512) : 'More information on this finding';

function resource(found: FlatFinding, artifact: string, Partition: string, Region: string): unknown {
  const facts: readonly (readonly [string, string])[] = [
    ['Finding', found.id],
    ['Target', found.target],
    ['PkgName', found.subject],
    ['Installed Package', found.installed],
    ['Patched Package', found.fixed],
  ];
  return {
    Type: 'Container',
    Id: artifact,
    Partition,
    Region,
    Details: {
      Container: { ImageName: artifact },
      Other: Object.fromEntries(facts.filter(([, text]) => text).map(([k, text]) => [k, cutText(oneLine(text), 1024)])),
    },
  };
}

function vulnerabilityJson({ finding, id, subject, installed, fixed }: FlatFinding): unknown {
  const links = linksOf(finding, 10);
  const scored = finding.kind === 'vulnerability' ? Object.values(finding.cvss ?? {}) : [];
  const cvss = scored.flatMap(({ V3Score, V3Vector }) =>
    V3Score && V3Vector ? [{ Version: V3Vector.slice(5, 8), BaseScore: V3Score, BaseVector: V3Vector }] : [],
  );
  return compact({
    Id: oneLine(id),
    Cvss: cvss.length > 0 ? cvss.slice(0, 10) : undefined,
    FixAvailable: fixed ? 'YES' : 'NO',
    ReferenceUrls: links.length > 0 ? links : undefined,
    VulnerablePackages: [
      compact({
        Name: oneLine(subject),
        Version: oneLine(installed),
        FixedInVersion: fixed ? oneLine(fixed) : undefined,
      }),
    ],
  });
}

const notEmpty = (text: string): string => text || '-';
