/**
 * Structural checks of formats whose official schemas no package of npm carries, written from their specifications:
 * GitLab's security report 15.0.7 and Code Quality, JUnit XML, GitHub's Markdown, RFC 4180.
 */
import assert from 'node:assert/strict';
import { SaxesParser } from 'saxes';

interface Tool {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly vendor: { readonly name: string };
}
interface Found {
  readonly id: string;
  readonly name: string;
  readonly severity: string;
  readonly solution: string;
  readonly identifiers: readonly Readonly<Record<string, string>>[];
  readonly links?: readonly { readonly url: string }[];
  readonly location: {
    readonly dependency: { readonly package: { readonly name: string }; readonly version: string };
    readonly operating_system?: string;
    readonly image?: string;
    readonly file?: string;
  };
}
interface SecurityReport {
  readonly version: string;
  readonly scan: {
    readonly analyzer: Tool;
    readonly scanner: Tool;
    readonly start_time: string;
    readonly end_time: string;
    readonly status: string;
    readonly type: string;
  };
  readonly vulnerabilities: readonly Found[];
  readonly dependency_files?: readonly unknown[];
}

export function assertSecurityReport(text: string): void {
  const { version, scan, vulnerabilities, dependency_files: files } = JSON.parse(text) as SecurityReport;
  assert.equal(version, '15.0.7');
  for (const tool of [scan.analyzer, scan.scanner])
    for (const value of [tool.id, tool.name, tool.version, tool.vendor.name]) assert.ok(value.length > 0);
  for (const time of [scan.start_time, scan.end_time]) assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.equal(scan.status, 'success');
  if (scan.type === 'dependency_scanning') assert.ok(Array.isArray(files));
  for (const v of vulnerabilities) assertVulnerability(v, scan.type === 'container_scanning');
  assert.equal(new Set(vulnerabilities.map(({ id }) => id)).size, vulnerabilities.length);
}

function assertVulnerability(v: Found, ofImage: boolean): void {
  assert.match(v.severity, /^(?:Unknown|Low|Medium|High|Critical)$/);
  assert.ok(v.name.length <= 255 && v.solution.length <= 7000);
  const web = /^(?:https?|ftp):\/\/.+/;
  for (const one of v.identifiers) {
    for (const key of ['type', 'name', 'value']) assert.ok(one[key], key);
    if (one['url'] !== undefined) assert.match(one['url'], web);
  }
  for (const { url } of v.links ?? []) assert.match(url, web);
  const { dependency, operating_system: os, image, file } = v.location;
  assert.deepEqual([typeof dependency.package.name, typeof dependency.version], ['string', 'string']);
  for (const value of ofImage ? [os, image] : [file]) assert.ok(value);
}

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

export function assertCodeQuality(text: string): void {
  const issues = JSON.parse(text) as readonly Issue[];
  assert.equal(new Set(issues.map((issue) => issue.fingerprint)).size, issues.length);
  for (const { description, check_name: check, severity, location } of issues) {
    assert.ok(description && check);
    assert.match(severity, /^(?:info|minor|major|critical|blocker)$/);
    assert.match(location.path, /^(?!\.?\/)./);
    assert.ok(Number.isInteger(location.lines.begin));
  }
}

export function assertJunit(text: string): void {
  const parents: Readonly<Record<string, string>> = {
    testsuites: '',
    testsuite: 'testsuites',
    properties: 'testsuite',
    property: 'properties',
    testcase: 'testsuite',
    failure: 'testcase',
    skipped: 'testcase',
  };
  const open: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => assert.fail(error.message));
  parser.on('opentag', ({ name, attributes }) => {
    assert.equal(parents[name], open.at(-1) ?? '', name);
    open.push(name);
    if (name === 'testsuite') for (const key of ['tests', 'failures', 'time']) assert.match(attributes[key]!, /^\d+$/);
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
}

/** Lines that names cannot begin, and none of the signs of Markdown within a cell. */
export function assertMarkdown(text: string): void {
  for (const line of text.split('\n')) {
    assert.match(line, /^(?:## |\| |\|(?: -|$)|- |\*\*Not|No findings\.$|\d+ more findings|$)/);
    if (!line.startsWith('| ') || line.startsWith('| ---')) continue;
    const cells = line.slice(2, -2).split(' | ');
    for (const cell of cells)
      assert.doesNotMatch(cell.replace(/^\*\*[A-Z]+\*\*$|\]\([a-z]+:[^ ()]*\)$|^\[/g, ''), /[|<>`[\]*!$]|:\/\//);
  }
}

export function assertCsv(text: string): void {
  const lines = text.trimEnd().split('\n');
  const widths = lines.map((line) => [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/gy)]);
  for (const [i, cells] of widths.entries()) {
    assert.equal(
      cells.reduce((sum, [all]) => sum + all.length, 0),
      lines[i]!.length + 1,
    );
    assert.equal(cells.length, 16, lines[i]);
    for (const [, quoted, plain] of cells) assert.doesNotMatch(quoted ?? plain ?? '', /^\s*[=+\-@]/);
  }
}

interface AsffFinding {
  readonly [key: string]: unknown;
  readonly Id: string;
  readonly ProductArn: string;
  readonly Description: string;
  readonly Title: string;
  readonly Severity: { readonly Label: string };
  readonly Resources: readonly Readonly<Record<string, unknown>>[];
}

/** https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html */
export function assertAsff(text: string): void {
  const { Findings: findings } = JSON.parse(text) as { Findings: readonly AsffFinding[] };
  for (const one of findings) {
    for (const key of ['AwsAccountId', 'CreatedAt', 'GeneratorId', 'SchemaVersion', 'Types', 'UpdatedAt'])
      assert.ok(one[key], key);
    assert.match(one.ProductArn, /^arn:aws:securityhub:eu-west-1:123456789012:product\/123456789012\/default$/);
    assert.ok(one.Id.length <= 512 && one.Title.length > 0 && one.Title.length <= 256);
    assert.ok(one.Description.length > 0 && one.Description.length <= 1024);
    assert.match(one.Severity.Label, /^(?:INFORMATIONAL|LOW|MEDIUM|HIGH|CRITICAL)$/);
    for (const resource of one.Resources) assert.ok(resource['Type'] && resource['Id']);
  }
  assert.equal(new Set(findings.map(({ Id }) => Id)).size, findings.length);
}

interface SonarReport {
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  readonly issues: readonly {
    readonly ruleId: string;
    readonly primaryLocation: {
      readonly message: string;
      readonly filePath: string;
      readonly textRange: { readonly startLine: number };
    };
  }[];
}

export function assertSonarQube(text: string): void {
  const { rules, issues } = JSON.parse(text) as SonarReport;
  const ids = new Set(rules.map(({ id }) => id));
  assert.equal(ids.size, rules.length);
  for (const rule of rules)
    for (const key of ['id', 'name', 'engineId', 'cleanCodeAttribute', 'impacts']) assert.ok(rule[key], key);
  for (const { ruleId, primaryLocation } of issues) {
    assert.ok(ids.has(ruleId));
    assert.ok(primaryLocation.message && primaryLocation.filePath && primaryLocation.textRange.startLine > 0);
  }
}

interface OpenVex {
  readonly [key: string]: unknown;
  readonly statements: readonly {
    readonly vulnerability: { readonly name: string };
    readonly products: readonly { readonly '@id': string }[];
    readonly status: string;
    readonly justification?: string;
    readonly impact_statement?: string;
    readonly action_statement?: string;
  }[];
}

export function assertOpenVex(text: string): void {
  const document = JSON.parse(text) as OpenVex;
  for (const key of ['@context', '@id', 'author', 'timestamp', 'version']) assert.ok(document[key], key);
  for (const { vulnerability, products, status, ...reasons } of document.statements) {
    assert.ok(vulnerability.name && products.length > 0);
    for (const product of products) assert.ok(URL.canParse(product['@id']), product['@id']);
    assert.match(status, /^(?:not_affected|affected|fixed|under_investigation)$/);
    if (status === 'not_affected') assert.ok(reasons.justification ?? reasons.impact_statement);
    if (status === 'affected') assert.ok(reasons.action_statement);
  }
}
