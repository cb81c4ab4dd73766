/**
 * `junit`: a suite for each target and kind of finding, a failed test for each finding; what could not be assessed
 * is a skipped test. There is no official schema: this is what Jenkins and GitLab read.
 * Sources  https://github.com/testmoapp/junitxml · https://docs.gitlab.com/ci/testing/unit_test_reports/
 */
import { oneLine } from '#base';
import type { Diagnostic, Finding, Report, Result } from '#model';
import { flatFinding, type FlatFinding } from './flat-finding.js';
import { defineFormat } from './format.js';
import { markupText } from './markup-text.js';
import { programName } from './program-name.js';

export const junit = defineFormat({
  id: 'junit',
  title: 'JUnit XML',
  mediaType: 'application/xml',
  extension: 'xml',
  async *encode(report) {
    yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${programName}">\n`;
    yield* suites(report);
    yield '</testsuites>\n';
  },
});

function* suites({ results, diagnostics }: Report): Generator<string> {
  for (const result of results) {
    yield* suite(result, '', result.vulnerabilities);
    if (result.secrets?.length) yield* suite(result, ' (secrets)', result.secrets);
    if (result.licenses?.length) yield* suite(result, ' (licenses)', result.licenses);
  }
  const told = diagnostics.filter(({ severity }) => severity !== 'info');
  if (told.length > 0) yield* skippedSuite(told);
}

function* suite(result: Result, suffix: string, findings: readonly Finding[]): Generator<string> {
  const n = findings.length;
  yield `  <testsuite name="${attribute(result.target + suffix)}" tests="${n}" failures="${n}" errors="0" skipped="0" time="0">\n`;
  if (result.type)
    yield `    <properties>\n      <property name="type" value="${attribute(result.type)}"/>\n    </properties>\n`;
  for (const finding of findings) yield testCase(flatFinding(finding, result));
  yield '  </testsuite>\n';
}

function testCase(found: FlatFinding): string {
  const { subject, installed, severity, id, title, description, fixed, url } = found;
  const classname = installed ? `${subject}-${installed}` : subject;
  const text = [description, fixed && `Fixed in: ${fixed}`, url].filter(Boolean).join('\n');
  return `    <testcase classname="${attribute(classname)}" name="${attribute(`[${severity}] ${id}`)}" time="0">
      <failure message="${attribute(title)}" type="${found.kind}">${markupText(text)}</failure>
    </testcase>\n`;
}

function* skippedSuite(diagnostics: readonly Diagnostic[]): Generator<string> {
  const n = diagnostics.length;
  yield `  <testsuite name="not assessed" tests="${n}" failures="0" errors="0" skipped="${n}" time="0">\n`;
  for (const { code, path, message } of diagnostics)
    yield `    <testcase classname="${attribute(path ?? programName)}" name="${attribute(code)}" time="0">
      <skipped message="${attribute(message)}"/>
    </testcase>\n`;
  yield '  </testsuite>\n';
}

const attribute = (text: string): string => markupText(oneLine(text));
