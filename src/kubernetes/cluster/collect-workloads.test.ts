import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeWorld } from '#platform/fakes';
import { createKubernetesClient } from '../client/create-client.js';
import { fakeApiServer, type FakeApiAnswer, type FakeApiRequest } from '../fakes/fake-api-server.js';
import { resources } from '../client/resources.js';
import { collectWorkloads, namespaceFilter } from './collect-workloads.js';
import { kindsOf } from './kinds.js';
import { createPullSecrets } from './pull-secrets.js';
import { parseReference } from '#oci';

const status = (code: number, reason: string): FakeApiAnswer => ({
  status: code,
  body: { kind: 'Status', reason, message: reason },
});

async function collect(
  include: readonly string[],
  intercept: (request: FakeApiRequest) => FakeApiAnswer | undefined = () => undefined,
) {
  const server = await fakeApiServer({ intercept });
  const client = createKubernetesClient(server.connection, { qps: 0 }, fakeWorld());
  const spec = { containers: [{ name: 'main', image: 'app:1' }] };
  for (const namespace of ['one', 'two']) {
    server.put(resources.namespaces, { metadata: { name: namespace } });
    server.put(resources.pods, { metadata: { name: 'p', namespace }, spec });
    server.put(resources.deployments, { metadata: { name: 'd', namespace }, spec: { template: { spec } } });
  }
  server.put(resources.nodes, { metadata: { name: 'n' }, status: { nodeInfo: { architecture: 'arm64' } } });
  try {
    return await collectWorkloads(client, { include, exclude: [] }, fakeWorld());
  } finally {
    client.close();
    await server.close();
  }
}

test('all namespaces, some, and those of a pattern', async () => {
  const names = async (include: string[]) =>
    (await collect(include)).workloads.map(({ namespace, kind }) => `${namespace} ${kind}`).sort();
  assert.deepEqual(await names([]), ['one Deployment', 'one Pod', 'two Deployment', 'two Pod']);
  assert.deepEqual(await names(['two']), ['two Deployment', 'two Pod']);
  assert.deepEqual(await names(['o*']), ['one Deployment', 'one Pod']);
  assert.deepEqual((await collect([])).nodes, new Map([['n', 'linux/arm64']]));
});

test('what cannot be listed is a failure, the rest is there', async () => {
  const { workloads, failures, nodes } = await collect(['one', 'three'], ({ collection }) => {
    if (collection === 'v1/pods') return status(403, 'Forbidden');
    if (collection === 'batch/v1/cronjobs') return status(404, 'NotFound');
    if (collection === 'batch/v1/jobs') return status(500, 'InternalError');
    return collection === 'v1/nodes' ? status(403, 'Forbidden') : undefined;
  });
  assert.deepEqual(
    workloads.map(({ kind }) => kind),
    ['Deployment'],
  );
  assert.deepEqual(
    failures.map(({ namespace, kind }) => `${namespace} ${kind}`),
    ['three Namespace', 'one CronJob', 'one Job', 'one Pod'],
  );
  assert.equal(nodes, undefined);
});

test('who is not known, and who is not there, ends it', async () => {
  await assert.rejects(
    collect([], () => status(401, 'Unauthorized')),
    { code: 'kubernetes/unauthorized' },
  );
  await assert.rejects(
    collect([], () => ({ broken: true })),
    { code: 'kubernetes/unreachable' },
  );
});

test('namespace patterns', () => {
  const vectors: readonly (readonly [string, string, boolean])[] = [
    ['a', 'a', true],
    ['a', 'ab', false],
    ['a*', 'ab', true],
    ['*b', 'ab', true],
    ['a*b', 'ab', true],
    ['ab*b', 'ab', false],
    ['*x*', 'axb', true],
    ['a*x*b', 'a-b', false],
    ['*', '', true],
  ];
  for (const [pattern, name, expected] of vectors) {
    assert.equal(namespaceFilter({ include: [pattern], exclude: [] })(name), expected, `${pattern} ${name}`);
    assert.equal(namespaceFilter({ include: [], exclude: [pattern] })(name), !expected);
  }
});

test('kinds as users write them', () => {
  assert.deepEqual(
    [...kindsOf(['Deployment', 'pods', 'po', 'sts', 'NetworkPolicies', 'ingress', 'ingresses'], 'include-kinds')],
    ['deployment', 'pod', 'statefulset', 'networkpolicy', 'ingress'],
  );
  assert.throws(() => kindsOf(['widget'], 'include-kinds'), /--include-kinds widget: no kind/);
});

test('pull secrets: those named, else those of the service account; each read once; what is missing is told', async () => {
  const server = await fakeApiServer();
  const world = fakeWorld();
  const client = createKubernetesClient(server.connection, { qps: 0 }, world);
  const auths = { 'a.org': { username: 'u', password: 'p' } };
  const data = { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') };
  server.put(resources.secrets, { metadata: { name: 's', namespace: 'x' }, data });
  server.put(resources.serviceAccounts, {
    metadata: { name: 'default', namespace: 'x' },
    imagePullSecrets: [{ name: 's' }],
  });
  const base = { kind: 'Pod', namespace: 'x', images: [], serviceAccount: 'default' };
  const byAccount = { ...base, name: 'a', uid: 'a', pullSecrets: [] };
  const byName = { ...base, name: 'b', uid: 'b', pullSecrets: ['s', 'gone'] };
  const secrets = createPullSecrets(client, world);
  for (const workloads of [[byAccount], [byName], [byAccount, byName]]) {
    const keyring = await secrets.keyringFor(workloads);
    assert.equal(keyring(parseReference('a.org/x')).length, 1);
  }
  assert.deepEqual(
    secrets.diagnostics.map(({ message }) => message.slice(0, 32)),
    ['Secret x/gone cannot be read: ge'],
  );
  assert.equal(server.requests.length, 3);
  client.close();
  await server.close();
});
