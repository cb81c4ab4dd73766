/**
 * Structural checks of formats that no JSON schema describes, written from their specifications: JUnit XML, GitHub's
 * Markdown, RFC 4180; and what schemas of others cannot say. Official programs check these, too: official-validators.test.ts.
 */
import assert from 'node:assert/strict';
import { SaxesParser } from 'saxes';

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

type Listed = readonly Readonly<Record<string, unknown>>[];

/** Whatever the schema: no two findings are one to the reader, and rules that are named are there. */
export function assertDistinct(text: string): void {
  const document = JSON.parse(text) as { vulnerabilities?: Listed; rules?: Listed; issues?: Listed } | Listed;
  const unique = (list: Listed | undefined, key: string): void => {
    const keys = (list ?? []).map((one) => one[key]);
    assert.equal(new Set(keys).size, keys.length, key);
  };
  if (!('length' in document)) {
    unique(document.vulnerabilities, 'id');
    unique(document.rules, 'id');
    const rules = new Set(document.rules?.map(({ id }) => id));
    if (document.rules) for (const { ruleId } of document.issues ?? []) assert.ok(rules.has(ruleId));
  } else unique(document, 'fingerprint');
}
