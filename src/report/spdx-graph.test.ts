import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Report } from '#model';
import { anyReport, formatOptions, hostileTexts, sampleReport } from './sample-report.test.kit.js';
import { notFetched, spdxGraphValidator } from './schemas.test.kit.js';
import { spdxJson } from './spdx-json.js';

interface Element {
  readonly [key: string]: unknown;
  readonly type: string;
  readonly spdxId: string;
  readonly name?: string;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly relationshipType?: string;
}

async function write(report: Report): Promise<string> {
  let text = '';
  for await (const chunk of spdxJson.encode(report, { ...formatOptions, spdxVersion: '3.0' })) text += chunk;
  return text;
}

const graphOf = (text: string): readonly Element[] => (JSON.parse(text) as { '@graph': readonly Element[] })['@graph'];

/** What the schema cannot say: ids are unique, and every reference leads to an element. */
function assertWhole(text: string): void {
  const graph = graphOf(text);
  const ids = graph.map((element) => element.spdxId ?? element['@id']);
  assert.equal(new Set(ids).size, ids.length, 'ids are unique');
  const known = new Set(ids);
  for (const element of graph) {
    const { from, to = [], subject, dataLicense, suppliedBy, creationInfo } = element;
    const lists = [element['rootElement'], element['element'], element['createdBy'], element['createdUsing']];
    for (const id of [from, ...to, subject, dataLicense, suppliedBy, creationInfo, ...lists.flat()])
      if (id !== undefined) assert.ok(known.has(id as string), `${element.type} refers to ${String(id)}`);
  }
}

test('a report is written the same twice, and every reference leads somewhere', async () => {
  const text = await write(sampleReport);
  assert.equal(await write(structuredClone(sampleReport)), text);
  assertWhole(text);
  const graph = graphOf(text);
  const packages = graph.filter(({ type }) => type === 'software_Package');
  assert.deepEqual(packages.map(({ name }) => name).sort(), [
    '@scope/left',
    'alpine',
    'app/gradle.lockfile',
    'musl',
    'org.example:core',
    'registry.example.org/team/app:1.0',
    'tool',
  ]);
  assert.equal(packages.find(({ name }) => name === 'alpine')?.['software_primaryPurpose'], 'operatingSystem');
});

test('vulnerabilities are associated with their packages, and scored by their sources', async () => {
  const graph = graphOf(await write(sampleReport));
  const named = new Map(graph.map(({ spdxId, name }) => [spdxId, name]));
  const associated = graph
    .filter(({ relationshipType }) => relationshipType === 'hasAssociatedVulnerability')
    .map(({ from, to }) => [named.get(from!), to!.map((id) => named.get(id))]);
  assert.deepEqual(Object.fromEntries(associated), {
    musl: ['CVE-2030-1'],
    tool: ['CVE-2030-2'],
    'org.example:core': ['CVE-2030-1'],
  });
  const [score] = graph.filter(({ type }) => type === 'security_CvssV3VulnAssessmentRelationship');
  assert.deepEqual(
    [named.get(score!.from!), score!['security_score'], score!['security_severity'], score!['security_vectorString']],
    ['CVE-2030-1', 9.8, 'critical', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
  );
  assert.deepEqual(new Set(score!.to!.map((id) => named.get(id))), new Set(['musl', 'org.example:core']));
  assert.equal(named.get(score!['suppliedBy'] as string), 'nvd');
});

test('any report is whole, and inert', async () => {
  await fc.assert(
    fc.asyncProperty(anyReport, async (report) => {
      const text = await write(report);
      assertWhole(text);
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
    { numRuns: 60 },
  );
});

test('documents are valid by the schema of SPDX 3.0.1', { skip: notFetched }, async () => {
  const validate = spdxGraphValidator();
  const check = async (report: Report): Promise<void> => validate(JSON.parse(await write(report)));
  assert.throws(() => validate({ '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld', '@graph': [{}] }));
  await check(sampleReport);
  await check({ ...sampleReport, artifactType: 'filesystem', metadata: {}, results: [] });
  await check({
    ...sampleReport,
    metadata: { git: { repoUrl: 'https://example.org/a b.git' } },
    artifactName: hostileTexts[2],
  });
  await fc.assert(fc.asyncProperty(anyReport, check), { numRuns: 60 });
});
