/**
 * `sarif`: findings for code scanning, in SARIF 2.1.0.
 * Limits   those of GitHub: 25,000 results, of which the gravest are kept and the rest counted in a notification, and
 *          20 locations a result.
 * Source   https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 *          https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
import { createHash } from 'node:crypto';
import { compact } from '#base';
import { severities, type Finding, type Report, type Result, type Severity } from '#model';
import { defineFormat, type FormatOptions } from './format.js';
import { jsonText } from './json-text.js';
import { programName, programUrl } from './program-name.js';
import { lineLookup, sarifFinding, type LineLookup, type SarifFinding } from './sarif-finding.js';
import { level, ruleJson } from './sarif-rule.js';
import { uriPath } from './uri-path.js';

const maxResults = 25_000;
const maxLocations = 20;

export const sarif = defineFormat({
  id: 'sarif',
  title: 'SARIF 2.1.0, for code scanning',
  mediaType: 'application/sarif+json',
  extension: 'sarif',
  async *encode(report, options) {
    yield* jsonText(logJson(report, options));
    yield '\n';
  },
});

function logJson(report: Report, options: FormatOptions): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['version', '2.1.0'],
    ['$schema', 'https://raw.githubusercontent.com/oasis-tcs/sarif-spec/main/sarif-2.1/schema/sarif-schema-2.1.0.json'],
    ['runs', [runJson(report, options)].values()],
  ]);
}

interface Found {
  readonly finding: Finding;
  readonly result: Result;
  readonly lines: LineLookup;
}

function runJson(report: Report, { version, root }: FormatOptions): ReadonlyMap<string, unknown> {
  const all = report.results.flatMap(findingsOf);
  const kept = gravest(all);
  const rules = new Map<string, Found>();
  // A later finding of the same rule describes it, at the place of the first.
  for (const found of kept) rules.set(describe(found).ruleId, found);
  const driver = new Map<string, unknown>([
    ['name', programName],
    ['fullName', 'Pratique Vulnerability Scanner'],
    ['informationUri', programUrl],
    ['version', version],
    ['rules', mapped(rules.values(), (found) => ruleJson(describe(found), found))],
  ]);
  const omitted = all.length - kept.length;
  const local = root !== undefined && (report.artifactType === 'filesystem' || report.artifactType === 'repository');
  return new Map<string, unknown>([
    ['tool', new Map([['driver', driver]])],
    [
      'invocations',
      omitted > 0 ? [{ executionSuccessful: true, toolExecutionNotifications: [omission(omitted)] }] : undefined,
    ],
    ['results', resultsJson(kept, new Map([...rules.keys()].map((id, index) => [id, index])))],
    ['columnKind', 'utf16CodeUnits'],
    ['originalUriBaseIds', local ? { ROOTPATH: { uri: `file://${uriPath(root).replace(/\/*$/, '/')}` } } : undefined],
    ['properties', report.artifactType === 'container_image' ? imageProperties(report) : undefined],
  ]);
}

function findingsOf(result: Result): readonly Found[] {
  const lines = lineLookup(result.packages ?? []);
  const findings = [...result.vulnerabilities, ...(result.secrets ?? []), ...(result.licenses ?? [])];
  return findings.map((finding) => ({ finding, result, lines }));
}

/** In their order; those left out are the mildest, of equal ones the last. */
function gravest(all: readonly Found[]): readonly Found[] {
  if (all.length <= maxResults) return all;
  const counts = new Map<Severity, number>();
  let room = maxResults;
  for (const severity of severities.toReversed()) {
    const count = Math.min(room, all.filter(({ finding }) => finding.severity === severity).length);
    counts.set(severity, count);
    room -= count;
  }
  return all.filter(({ finding: { severity } }) => {
    const left = counts.get(severity)!;
    counts.set(severity, left - 1);
    return left > 0;
  });
}

const omission = (count: number): unknown => ({
  level: 'warning',
  message: { text: `${count} results are left out, the least severe ones: a run holds at most ${maxResults}` },
});

const describe = ({ finding, result, lines }: Found): SarifFinding => sarifFinding(finding, result, lines);

function* mapped<T>(values: Iterable<T>, change: (value: T) => unknown): Generator<unknown> {
  for (const value of values) yield change(value);
}

function* resultsJson(kept: readonly Found[], indices: ReadonlyMap<string, number>): Generator<unknown> {
  const seen = new Map<string, number>();
  for (const found of kept) {
    const described = describe(found);
    yield {
      ruleId: described.ruleId,
      ruleIndex: indices.get(described.ruleId),
      level: level(described.severity),
      message: { text: described.message },
      locations: locations(described),
      partialFingerprints: { primaryLocationLineHash: fingerprint(described, seen) },
    };
  }
}

function locations({ path, lines, locationMessage }: SarifFinding): readonly unknown[] {
  const ranges = lines.length > 0 ? lines.slice(0, maxLocations) : [{ start: 1, end: 1 }];
  return ranges.map(({ start, end }) => {
    const startLine = start || 1;
    return {
      physicalLocation: {
        artifactLocation: { uri: uriReference(path), uriBaseId: 'ROOTPATH' },
        region: { startLine, startColumn: 1, endLine: Math.max(end, startLine), endColumn: 1 },
      },
      message: { text: locationMessage },
    };
  });
}

/** A path as URI reference; a colon in the first segment would make it a scheme. */
function uriReference(path: string): string {
  const escaped = uriPath(path.replaceAll('\\', '/'));
  return /^[^/]*:/.test(escaped) ? escaped.replace(/^[^/]*/, (segment) => segment.replaceAll(':', '%3A')) : escaped;
}

/** The same for a finding whose line or version moved; findings that are equal so far are numbered. */
function fingerprint({ ruleId, path, subject }: SarifFinding, seen: Map<string, number>): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([ruleId, path, subject]))
    .digest('hex')
    .slice(0, 16);
  const count = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, count);
  return `${hash}:${count}`;
}

function imageProperties({ artifactName, metadata }: Report): unknown {
  return compact({
    imageID: metadata.imageId,
    imageName: artifactName,
    repoDigests: metadata.repoDigests?.length ? metadata.repoDigests : null,
    repoTags: metadata.repoTags?.length ? metadata.repoTags : null,
  });
}
