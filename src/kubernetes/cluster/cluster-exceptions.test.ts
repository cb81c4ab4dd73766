/** Exceptions of a cluster and of files, each in its namespace; what may not be read is said. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Report, Vulnerability } from '#model';
import { tempDirectory } from '#platform';
import { fakeWorld } from '#platform/fakes';
import type { KubernetesClient } from '../client/client.js';
import { KubernetesError } from '../client/kubernetes-error.js';
import { readClusterExceptions } from './cluster-exceptions.js';

const base = { owner: 'team', reason: 'not reachable', expires: '2999-01-01' };
const object = (name: string, namespace: string, spec: object) => ({ metadata: { name, namespace }, spec });

const clientWith = (objects: readonly object[], failure?: KubernetesError): KubernetesClient =>
  ({
    async *list() {
      yield* objects;
      if (failure) throw failure;
    },
  }) as unknown as KubernetesClient;

const report: Report = {
  artifactName: 'ghcr.io/acme/app:1',
  artifactType: 'container_image',
  createdAt: '2026-03-10T12:00:00Z',
  reportId: 'r',
  metadata: {},
  results: [
    {
      target: 't',
      class: 'os-pkgs',
      vulnerabilities: ['CVE-1', 'CVE-2'].map(
        (id) => ({ kind: 'vulnerability', id, package: { name: 'p' }, severity: 'HIGH' }) as Vulnerability,
      ),
    },
  ],
  diagnostics: [],
};

test('each counts in its namespace, those of files without one everywhere', async () => {
  const folder = await tempDirectory();
  try {
    const more = { kind: 'VulnerabilityException', metadata: { name: 'b' }, spec: { ...base, ids: ['CVE-2'] } };
    writeFileSync(join(folder.path, 'more.json'), JSON.stringify(more));
    const world = { ...fakeWorld(), cwd: folder.path };
    const client = clientWith([
      object('a', 'shop', { ...base, ids: ['CVE-1'] }),
      object('broken', 'shop', { ...base, ids: ['CVE-1'], owner: '' }),
    ]);
    const { accept, diagnostics } = await readClusterExceptions(client, ['more.json'], world);
    const left = (namespace: string): string[] =>
      accept(report, namespace).results[0]!.vulnerabilities.map(({ id }) => id);
    assert.deepEqual([left('shop'), left('other')], [[], ['CVE-1']]);
    assert.deepEqual(
      diagnostics.map(({ code, message }) => [code, message]),
      [
        [
          'kubernetes/broken-exception',
          'VulnerabilityException shop/broken accepts nothing: spec.owner: a text is expected',
        ],
      ],
    );
  } finally {
    await folder.remove();
  }
});

test('a cluster without the resource has none; one that may not be read is said', async () => {
  const codes = async (status: number): Promise<readonly string[]> => {
    const failure = new KubernetesError({ what: 'list', status });
    const { diagnostics, accept } = await readClusterExceptions(clientWith([], failure), [], fakeWorld());
    assert.equal(accept(report, 'shop'), report);
    return diagnostics.map(({ code, severity }) => `${code} ${severity}`);
  };
  assert.deepEqual(await codes(404), []);
  assert.deepEqual(await codes(403), ['kubernetes/no-exceptions info']);
  assert.deepEqual(await codes(500), ['kubernetes/no-exceptions warning']);
});
