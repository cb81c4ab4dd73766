/** What every machine-readable format owes: valid by its schema, the same bytes for the same report, inert whatever the names. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Report } from '#model';
import { findFormat, formatIds } from './registry.js';
import { ownValidator } from './own-schemas.test.kit.js';
import { anyReport, formatOptions, hostileReport, sampleReport } from './sample-report.test.kit.js';
import { assertPage } from './html/page.test.kit.js';
import {
  cyclonedxValidator,
  githubSnapshotValidator,
  notFetched,
  sarifValidator,
  securityHubValidator,
} from './schemas.test.kit.js';
import { assertSpdxJson, assertSpdxTagValue } from './spdx-structure.test.kit.js';
import { assertAsff, assertCsv, assertDistinct, assertJunit, assertMarkdown } from './trackers.test.kit.js';

const env = { AWS_ACCOUNT_ID: '123456789012', AWS_REGION: 'eu-west-1' };

type FormatId = (typeof formatIds)[number];

async function write(id: FormatId, report: Report): Promise<string> {
  const format = await findFormat(id);
  let text = '';
  for await (const chunk of format.encode(report, { ...formatOptions, env })) text += String(chunk);
  return text;
}

type Validate = (text: string) => void;

const parsed =
  (validate: (value: unknown) => void): Validate =>
  (text) =>
    validate(JSON.parse(text));
const all =
  (...checks: readonly Validate[]): Validate =>
  (text) => {
    for (const check of checks) check(text);
  };

const validators: Partial<Record<FormatId, Validate>> = {
  asff: notFetched ? assertAsff : all(assertAsff, parsed(securityHubValidator())),
  'cosign-vuln': ownValidator('cosign-vuln'),
  csv: assertCsv,
  cyclonedx: parsed(cyclonedxValidator()),
  'cyclonedx-vex': parsed(cyclonedxValidator('1.6')),
  github: parsed(notFetched ? () => {} : githubSnapshotValidator()),
  gitlab: all(ownValidator('gitlab'), assertDistinct),
  'gitlab-codequality': all(ownValidator('gitlab-codequality'), assertDistinct),
  'gitlab-dependency-scanning': all(ownValidator('gitlab-dependency-scanning'), assertDistinct),
  html: assertPage,
  json: parsed(() => {}),
  junit: assertJunit,
  markdown: assertMarkdown,
  openvex: ownValidator('openvex'),
  sarif: parsed(sarifValidator()),
  sonarqube: all(ownValidator('sonarqube'), assertDistinct),
  spdx: assertSpdxTagValue,
  'spdx-json': parsed(assertSpdxJson),
};

test('every format is validated', () => {
  // The table is for eyes, a template makes what its author wants.
  const others = formatIds.filter((id) => !(id in validators));
  assert.deepEqual(others, ['table', 'template']);
  const page = readFileSync(new URL('../../docs/format-validation.md', import.meta.url), 'utf8');
  assert.deepEqual(
    [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id),
    formatIds,
  );
});

for (const [id, validate] of Object.entries(validators) as [FormatId, Validate][]) {
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
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      assert.doesNotMatch(text, /^\s*::|##(?:vso)?\[/m);
    });

    test('any report is valid', async () => {
      await fc.assert(
        fc.asyncProperty(anyReport, async (report) => validate(await write(id, report))),
        { numRuns: 60 },
      );
    });
  });
}
