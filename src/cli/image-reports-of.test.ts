import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { imageReportsOf } from './image-reports-of.js';

test('an image that many workloads run is one report', async () => {
  const resource = (name: string, image: string) => ({
    Kind: 'Deployment',
    Name: name,
    Metadata: [{ ImageID: 'sha256:1' }],
    Results: [],
    Pratique: { Image: image },
  });
  const Resources = [resource('a', 'x:1'), resource('b', 'x:1'), resource('c', 'y:1'), { Kind: 'Pod', Name: '*' }];
  const { reports, missing } = await imageReportsOf(JSON.stringify({ ClusterName: 'c', Resources }));
  assert.deepEqual(
    reports.map(({ artifactName }) => artifactName),
    ['x:1', 'y:1'],
  );
  assert.deepEqual(missing, ['Pod/*']);
});

const keys = (
  'kind items report registry server artifact repository tag digest summary vulnerabilities vulnerabilityID resource ' +
  'severity links pratique ClusterName Resources Findings Metadata Results Pratique Image Digest Diagnostics SchemaVersion'
).split(' ');
const texts = ['VulnerabilityReport', 'CRITICAL', 'x:1', `sha256:${'a'.repeat(64)}`];
const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(...texts, null, 2, true),
    fc.array(tie('document'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('document'), { maxKeys: 5 }),
  ),
}));

test('any document is reports or a FormatError', async () => {
  const isEither = async (text: string): Promise<void> => {
    await imageReportsOf(text).catch((error: unknown) => assert.ok(error instanceof FormatError, String(error)));
  };
  await fc.assert(
    fc.asyncProperty(fc.array(document as fc.Arbitrary<unknown>, { maxLength: 3 }), async (list) => {
      await isEither(JSON.stringify(list[0] ?? null));
      await isEither(JSON.stringify({ items: list.map((report) => ({ kind: 'VulnerabilityReport', report })) }));
      await isEither(JSON.stringify({ ClusterName: 'c', Resources: list }));
    }),
    { numRuns: 500 },
  );
  await fc.assert(fc.asyncProperty(fc.string(), isEither));
});
