/** What every machine-readable format owes: valid by its schema, the same bytes for the same report, inert whatever the names. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Report, Secret } from '#model';
import { findFormat, formatIds } from './registry.js';
import { anyReport, formatOptions, hostileTexts, sampleReport, vulnerability } from './sample-report.test.kit.js';
import { assertPage } from './html/page.test.kit.js';
import { cyclonedxValidator, sarifValidator } from './schemas.test.kit.js';
import { assertSpdxJson, assertSpdxTagValue } from './spdx-structure.test.kit.js';
import {
  assertAsff,
  assertCodeQuality,
  assertCsv,
  assertJunit,
  assertMarkdown,
  assertOpenVex,
  assertSecurityReport,
  assertSonarQube,
} from './trackers.test.kit.js';

const env = { AWS_ACCOUNT_ID: '123456789012', AWS_REGION: 'eu-west-1' };

type FormatId = (typeof formatIds)[number];

async function write(id: FormatId, report: Report): Promise<string> {
  const format = await findFormat(id);
  let text = '';
  for await (const chunk of format.encode(report, { ...formatOptions, env })) text += String(chunk);
  return text;
}

const validators: Partial<Record<FormatId, (text: string) => void>> = {
  asff: assertAsff,
  'cosign-vuln': (text) => void JSON.parse(text),
  csv: assertCsv,
  cyclonedx: (
    (validate) => (text: string) =>
      validate(JSON.parse(text))
  )(cyclonedxValidator()),
  'cyclonedx-vex': (
    (validate) => (text: string) =>
      validate(JSON.parse(text))
  )(cyclonedxValidator('1.6')),
  github: (text) => void JSON.parse(text),
  gitlab: assertSecurityReport,
  'gitlab-codequality': assertCodeQuality,
  'gitlab-dependency-scanning': assertSecurityReport,
  html: assertPage,
  json: (text) => void JSON.parse(text),
  junit: assertJunit,
  markdown: assertMarkdown,
  openvex: assertOpenVex,
  sarif: (
    (validate) => (text: string) =>
      validate(JSON.parse(text))
  )(sarifValidator()),
  sonarqube: assertSonarQube,
  spdx: assertSpdxTagValue,
  'spdx-json': (text) => assertSpdxJson(JSON.parse(text)),
};

const secretIn = (match: string): Secret => ({
  kind: 'secret',
  ruleId: 'some-key',
  category: 'Some',
  severity: 'CRITICAL',
  title: 'a key',
  startLine: 3,
  endLine: 3,
  code: [],
  match,
});

const hostileReport: Report = {
  ...sampleReport,
  artifactName: hostileTexts[2],
  results: hostileTexts.map((text, i) => ({
    target: text,
    class: 'lang-pkgs',
    type: i % 2 ? 'npm' : 'node-pkg',
    packages: [
      { name: text, version: text, path: text, maintainer: text, licenses: [text, `text://${text}`], uid: `${i}` },
    ],
    vulnerabilities: [vulnerability({ name: text, version: text, path: text, uid: `${i}` })],
    secrets: [secretIn(text)],
  })),
};

for (const [id, validate] of Object.entries(validators) as [FormatId, (text: string) => void][]) {
  describe(id, () => {
    test('a report is valid, and written the same twice', async () => {
      const text = await write(id, sampleReport);
      validate(text);
      assert.equal(await write(id, structuredClone(sampleReport)), text);
    });

    test('a report without anything is valid', async () => {
      validate(await write(id, { ...sampleReport, artifactType: 'filesystem', metadata: {}, results: [] }));
    });

    test('hostile names stay inert', async () => {
      const text = await write(id, hostileReport);
      validate(text);
      // eslint-disable-next-line no-control-regex
      if (id !== 'json') assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    });

    test('any report is valid', async () => {
      await fc.assert(
        fc.asyncProperty(anyReport, async (report) => validate(await write(id, report))),
        { numRuns: 60 },
      );
    });
  });
}
