import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { fakeWorld } from '#platform/fakes';
import { writeBill } from '#report';
import { createKubernetesClient } from '../client/create-client.js';
import { fakeApiServer } from '../fakes/fake-api-server.js';
import { resources } from '../client/resources.js';
import { clusterBill } from './cluster-bill.js';

const digest = `sha256:${'a1'.repeat(32)}`;

interface Document {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}
interface Component {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
}

async function bill(): Promise<Document> {
  const server = await fakeApiServer({
    intercept: ({ method, collection }) =>
      method === 'GET' && collection === '/' ? { body: { gitVersion: 'v1.34.2' } } : undefined,
  });
  server.put(resources.nodes, {
    metadata: { name: 'n1' },
    status: {
      nodeInfo: {
        architecture: 'arm64',
        operatingSystem: 'linux',
        osImage: 'Ubuntu 24.04.1 LTS',
        kubeletVersion: 'v1.34.1',
        containerRuntimeVersion: 'containerd://2.1.0',
      },
    },
  });
  const container = { name: 'main', image: 'registry.k8s.io/kube-apiserver:v1.34.2' };
  server.put(resources.pods, {
    metadata: { name: 'api', namespace: 'kube-system', labels: { component: 'kube-apiserver' } },
    spec: { containers: [container], nodeName: 'n1' },
    status: { containerStatuses: [{ name: 'main', imageID: `registry.k8s.io/kube-apiserver@${digest}` }] },
  });
  server.put(resources.pods, {
    metadata: { name: 'p', namespace: 'x' },
    spec: { containers: [{ name: 'c', image: 'nginx:1' }] },
  });
  const world = fakeWorld();
  const client = createKubernetesClient(server.connection, {}, world);
  const choice = {
    namespaces: { include: [], exclude: [] },
    includeKinds: new Set<string>(),
    excludeKinds: new Set<string>(),
    excludeOwned: false,
  };
  const { nodes } = await clusterBill(client, choice, world);
  let text = '';
  for await (const chunk of writeBill(nodes, { createdAt: '2026-01-02T03:04:05Z' }, { version: '1' })) text += chunk;
  client.close();
  await server.close();
  return JSON.parse(text) as Document;
}

test('the cluster, its control plane, nodes and images', async () => {
  const { metadata, components, dependencies } = await bill();
  assert.equal(metadata.component.purl, 'pkg:k8s/k8s.io%2Fkubernetes@1.34.2');
  assert.deepEqual(components.map(({ type, name, version }) => `${type} ${name} ${version ?? ''}`.trim()).sort(), [
    'application github.com/containerd/containerd 2.1.0',
    'application k8s.io/apiserver 1.34.2',
    'application k8s.io/kubelet 1.34.1',
    'application node-core-components',
    `container index.docker.io/library/nginx 1`,
    `container registry.k8s.io/kube-apiserver ${digest}`,
    'operating-system ubuntu 24.04.1',
    'platform n1',
  ]);
  const image = components.find(({ name }) => name === 'registry.k8s.io/kube-apiserver')!;
  assert.equal(image.purl, `pkg:oci/kube-apiserver@${digest}?repository_url=registry.k8s.io%2Fkube-apiserver`);
  const root = dependencies.find(({ ref }) => ref === metadata.component['bom-ref'])!;
  assert.equal(root.dependsOn.length, 4);
});

const read = (name: string): Record<string, unknown> =>
  JSON.parse(
    readFileSync(
      new URL(
        `../../../node_modules/@cyclonedx/cyclonedx-library/res/schema/${name}.SNAPSHOT.schema.json`,
        import.meta.url,
      ),
      'utf8',
    ),
  );

test('it is valid by the official schema', async () => {
  const ajv = new Ajv({ strict: false, unicodeRegExp: false, formats: { 'iri-reference': true, 'idn-email': true } });
  addFormats.default(ajv);
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs'])
    ajv.addSchema(read(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  const validate = ajv.compile(read('bom-1.7'));
  assert.ok(validate(await bill()), ajv.errorsText(validate.errors));
});
