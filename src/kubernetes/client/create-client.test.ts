/** What each operation sends, and what it makes of the answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeWorld } from '#platform/fakes';
import type { KubernetesClient } from './client.js';
import { createKubernetesClient } from './create-client.js';
import { fakeApiServer, type FakeApiServer } from '../fakes/fake-api-server.js';
import { isAlreadyExists, isConflict, isNotFound, isTooLarge } from './kubernetes-error.js';
import { defineResource } from './object.js';
import type { ConfigMap } from './pod-types.js';
import { resourcePath } from './resource-path.js';
import { resources } from './resources.js';

const { configMaps, deployments, nodes } = resources;

async function withClient(work: (client: KubernetesClient, server: FakeApiServer) => Promise<void>): Promise<void> {
  const server = await fakeApiServer();
  const client = createKubernetesClient(server.connection, {}, fakeWorld());
  try {
    await work(client, server);
  } finally {
    client.close();
    await server.close();
  }
}

test('paths', () => {
  const crd = defineResource('aquasecurity.github.io/v1alpha1/sbomreports', 'SbomReport');
  const paths: readonly (readonly [string, string])[] = [
    [resourcePath(configMaps, { namespace: 'x', name: 'a' }), '/api/v1/namespaces/x/configmaps/a'],
    [resourcePath(configMaps, {}), '/api/v1/configmaps'],
    [resourcePath(nodes, { namespace: 'x', name: 'n' }), '/api/v1/nodes/n'],
    [
      resourcePath(deployments, { namespace: 'x', name: 'a', subresource: 'status' }),
      '/apis/apps/v1/namespaces/x/deployments/a/status',
    ],
    [
      resourcePath(crd, { namespace: 'x', query: { limit: 5, continue: undefined } }),
      '/apis/aquasecurity.github.io/v1alpha1/namespaces/x/sbomreports?limit=5',
    ],
    [
      resourcePath(configMaps, { namespace: 'x', name: '../secrets/a?b#c' }),
      '/api/v1/namespaces/x/configmaps/..%2Fsecrets%2Fa%3Fb%23c',
    ],
  ];
  for (const [path, expected] of paths) assert.equal(path, expected);
  for (const name of ['', '.', '..'])
    assert.throws(() => resourcePath(configMaps, { namespace: 'x', name }), /not a name/);
});

test('create, get, find, update, delete', async () => {
  await withClient(async (client, server) => {
    const object = { metadata: { name: 'a', namespace: 'x' }, data: { k: '1' } };
    const made = await client.create(configMaps, object);
    assert.equal(made.kind, 'ConfigMap');
    await assert.rejects(client.create(configMaps, object), isAlreadyExists);
    assert.deepEqual(await client.get(configMaps, 'a', { namespace: 'x' }), made);
    await client.update(configMaps, { ...made, data: { k: '2' } });
    await assert.rejects(client.update(configMaps, made), isConflict);
    await client.delete(configMaps, 'a', { namespace: 'x', propagation: 'Foreground', uid: 'u' });
    assert.deepEqual(JSON.parse(server.requests.at(-1)!.body), {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: 'Foreground',
      preconditions: { uid: 'u' },
    });
    assert.equal(await client.find(configMaps, 'a', { namespace: 'x' }), undefined);
    await client.delete(configMaps, 'a', { namespace: 'x' });
    await assert.rejects(client.delete(configMaps, 'a', { namespace: 'x', mustExist: true }), isNotFound);
  });
});

test('patches, apply, status and dry run by content type and query', async () => {
  await withClient(async (client, server) => {
    const named = { namespace: 'x' };
    const object: ConfigMap & { status?: unknown } = { metadata: { name: 'a', namespace: 'x' }, data: { k: '1' } };
    await client.apply(configMaps, object, { fieldManager: 'me' });
    await client.apply(configMaps, object, { force: false, dryRun: true });
    await client.patch(configMaps, 'a', { type: 'merge', body: { data: { k: '2' } } }, named);
    await client.patch(
      configMaps,
      'a',
      { type: 'strategic', body: { status: { ok: true } } },
      { ...named, subresource: 'status' },
    );
    const sent = server.requests.map(({ method, headers, query, subresource }) =>
      [method, String(headers['content-type']).split('/')[1], query.toString(), subresource].join(' ').trim(),
    );
    assert.deepEqual(sent, [
      'PATCH apply-patch+yaml fieldManager=me&force=true',
      'PATCH apply-patch+yaml fieldManager=pratique&dryRun=All&force=false',
      'PATCH merge-patch+json fieldManager=pratique',
      'PATCH strategic-merge-patch+json fieldManager=pratique status',
    ]);
    const found = (await client.get(configMaps, 'a', named)) as typeof object;
    assert.deepEqual([found.data, found.status], [{ k: '2' }, { ok: true }]);
  });
});

test('lists in pages, smaller ones where objects are large', async () => {
  const sizes: number[] = [];
  const server = await fakeApiServer({
    intercept({ query }) {
      const limit = Number(query.get('limit'));
      sizes.push(limit);
      return limit > 10 ? { body: 'x'.repeat(49 * 1024 * 1024) } : undefined;
    },
  });
  for (let i = 0; i < 12; i++) server.put(configMaps, { metadata: { name: `m${i}`, namespace: 'x' } });
  const client = createKubernetesClient(server.connection, {}, fakeWorld());
  const names = new Set<string>();
  for await (const { metadata } of client.list(configMaps, { pageSize: 40 })) names.add(metadata.name!);
  assert.deepEqual([names.size, sizes], [12, [40, 10, 10]]);
  client.close();
  await server.close();
});

test('the words of errors', async () => {
  const server = await fakeApiServer({
    intercept: () => ({
      status: 500,
      body: { kind: 'Status', reason: '', message: 'etcdserver: request is too large' },
    }),
  });
  const client = createKubernetesClient(server.connection, {}, fakeWorld());
  await assert.rejects(client.create(configMaps, { metadata: { name: 'a' } }), isTooLarge);
  client.close();
  await server.close();
});
