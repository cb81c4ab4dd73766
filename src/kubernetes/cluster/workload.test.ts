import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { runningImage } from './running-image.js';
import { workloadOf } from './workload.js';

const digest = `sha256:${'a1'.repeat(32)}`;

test('what a runtime calls an image', () => {
  const cases: readonly (readonly [string, string | undefined, object])[] = [
    ['nginx:1.27', `docker.io/library/nginx@${digest}`, { digest }],
    ['nginx', `docker-pullable://nginx@${digest}`, { digest }],
    ['quay.io/a/b:1', `mirror.internal:5000/a/b@${digest}`, { digest, pulledFrom: 'mirror.internal:5000/a/b' }],
    ['nginx', digest, {}],
    ['nginx', `docker://${digest}`, {}],
    ['nginx', '', {}],
    ['nginx', undefined, {}],
    ['nginx', 'nginx@sha256:short', {}],
    ['Not An Image', `nginx@${digest}`, { digest, pulledFrom: 'index.docker.io/library/nginx' }],
  ];
  for (const [image, id, expected] of cases) assert.deepEqual(runningImage(image, id), expected, id);
  fc.assert(fc.property(fc.string(), fc.string(), (image, id) => void runningImage(image, id)));
});

test('a pod: every kind of container with what runs in it, its owner, secrets and node', () => {
  const pod = {
    metadata: {
      name: 'web-1',
      namespace: 'shop',
      uid: 'u1',
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u9' },
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u2', controller: true },
      ],
    },
    spec: {
      initContainers: [{ name: 'init', image: 'busybox' }],
      containers: [{ name: 'main', image: 'app:1' }, { name: 'sidecar', image: 'proxy:2' }, { name: 'empty' }],
      ephemeralContainers: [{ name: 'debug', image: 'tools' }],
      volumes: [{ name: 'model', image: { reference: 'models/m:1' } }, { name: 'other' }],
      imagePullSecrets: [{ name: 's' }, {}],
      serviceAccountName: 'runner',
      nodeName: 'n1',
      nodeSelector: { 'kubernetes.io/arch': 'arm64' },
    },
    status: {
      phase: 'Running',
      containerStatuses: [{ name: 'sidecar', imageID: `proxy@${digest}` }],
      ephemeralContainerStatuses: [{ name: 'debug', imageID: `tools@${digest}` }],
    },
  };
  assert.deepEqual(workloadOf('Pod', pod), {
    kind: 'Pod',
    namespace: 'shop',
    name: 'web-1',
    uid: 'u1',
    owner: { kind: 'ReplicaSet', name: 'web', uid: 'u2' },
    images: [
      { container: 'init', role: 'init', image: 'busybox' },
      { container: 'main', role: 'container', image: 'app:1' },
      { container: 'sidecar', role: 'container', image: 'proxy:2', digest },
      { container: 'debug', role: 'ephemeral', image: 'tools', digest },
      { container: 'model', role: 'volume', image: 'models/m:1' },
    ],
    pullSecrets: ['s'],
    serviceAccount: 'runner',
    node: 'n1',
    architecture: 'arm64',
  });
  assert.equal(workloadOf('Pod', { ...pod, status: { phase: 'Succeeded' } } as never)?.ended, true);
});

test('templates of workloads, wherever they are', () => {
  const template = { spec: { containers: [{ name: 'main', image: 'app:1' }] } };
  const metadata = { name: 'a', namespace: 'x', uid: 'u' };
  const images = [{ container: 'main', role: 'container', image: 'app:1' }];
  const cronJob = { metadata, spec: { jobTemplate: { spec: { template } } } };
  assert.deepEqual(workloadOf('CronJob', cronJob)?.images, images);
  const idle = workloadOf('ReplicaSet', { metadata, spec: { replicas: 0, template } } as never);
  assert.deepEqual([idle?.images, idle?.idle], [images, true]);
  for (const kind of ['Pod', 'CronJob', 'Deployment'])
    assert.ok((workloadOf(kind, { metadata }) ?? { images: [] }).images.length === 0);
});
