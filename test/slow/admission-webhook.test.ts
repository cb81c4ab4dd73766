/** The admission webhook as a real API server calls it, with the manifests and the rights it is shipped with. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { makeImage } from '#artifact/fakes';
import {
  defineResource,
  type KubernetesClient,
  type KubernetesObject,
  type Pod,
  resources,
  vulnerabilityExceptions,
} from '#kubernetes';
import { fakeRegistry, type FakeRegistry } from '#oci/fakes';
import { until } from '../fakes/cluster-objects.js';
import { noControlPlane } from '../fakes/control-plane.js';
import {
  askWebhook,
  guardCluster,
  type GuardedCluster,
  imagePolicies,
  opensslImage,
  pod,
  type RunningWebhook,
  settle,
} from '../fakes/guarded-cluster.js';

const imageAssessments = defineResource<KubernetesObject & { spec: { repository: string } }>(
  'pratique.dev/v1alpha1/imageassessments',
  'ImageAssessment',
);
const day = 86_400_000;

suite('admission webhook', { skip: noControlPlane, timeout: 240_000 }, () => {
  let cluster: GuardedCluster;
  let client: KubernetesClient;
  let registry: FakeRegistry;
  let webhook: RunningWebhook;

  before(async () => {
    [cluster, registry] = await Promise.all([guardCluster(), fakeRegistry()]);
    client = cluster.client;
    webhook = await cluster.start();
    await cluster.pointTo(webhook.port);
    for (const image of ['before', 'other', 'bad', 'late', 'dry']) push(image, '1.1.1t');
    for (const image of ['clean', 'unasked']) push(image, '1.1.1w');
  });
  after(async () => {
    await cluster?.stop();
    await registry?.close();
  });

  const image = (name: string): string => `${registry.host}/shop/${name}:1`;
  const create = (one: Pod, dryRun = false): Promise<Pod> => cluster.create(one, dryRun);
  const namespace: GuardedCluster['namespace'] = (...args) => cluster.namespace(...args);

  function push(name: string, version: string): void {
    const made = makeImage(opensslImage(version, name));
    registry.pushImage(`shop/${name}`, '1', { layers: made.blobs, config: JSON.parse(made.config.toString()) });
  }

  const wait = { unknownImage: 'wait', waitSeconds: 8 };

  test('refuses what is critical and can be fixed, by its name, and admits what is clean', async () => {
    await namespace('strict', wait);
    await assert.rejects(create(pod('bad', 'strict', image('bad'))), {
      name: 'KubernetesError',
      status: 403,
      message:
        /1 vulnerability not allowed: CVE-2099-1 \(CRITICAL, exploited, EPSS 0\.40\) in openssl 1\.1\.1t, fixed in 1\.1\.1w \(ImagePolicy strict\/policy\)/,
    });
    await create(pod('clean', 'strict', image('clean')));
  });

  test('refuses workloads, for early notice', async () => {
    const labels = { app: 'a' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: image('bad') }] } };
    const deployment = {
      metadata: { name: 'd', namespace: 'strict' },
      spec: { selector: { matchLabels: labels }, template },
    };
    await assert.rejects(client.create(resources.deployments, deployment as never), /CVE-2099-1/);
  });

  test('on update judges only what is new, ephemeral containers included', async () => {
    const config = { mode: 'audit' };
    await namespace('aged', config);
    await create(pod('old', 'aged', image('before')));
    await until('the image is known', async () => ((await assessed()).includes('before') ? true : undefined));
    await client.apply(imagePolicies, {
      metadata: { name: 'policy', namespace: 'aged' },
      spec: { ...wait, mode: 'enforce' },
    });
    await settle();
    const label = { type: 'merge', body: { metadata: { labels: { a: 'b' } } } } as const;
    await client.patch(resources.pods, 'old', label, { namespace: 'aged' });
    const containers = [{ op: 'replace', path: '/spec/containers/0/image', value: image('other') }] as const;
    await assert.rejects(
      client.patch(resources.pods, 'old', { type: 'json', body: containers }, { namespace: 'aged' }),
      /CVE-2099-1/,
    );
    const ephemeralContainers = [{ name: 'debug', image: image('other') }];
    const debug = { type: 'strategic', body: { spec: { ephemeralContainers } } } as const;
    await assert.rejects(
      client.patch(resources.pods, 'old', debug, { namespace: 'aged', subresource: 'ephemeralcontainers' }),
      /CVE-2099-1/,
    );
  });

  const assessed = async (): Promise<string[]> => {
    const names: string[] = [];
    for await (const { spec } of client.list(imageAssessments, { namespace: 'pratique-system' }))
      names.push(spec.repository.split('/').at(-1)!);
    return names;
  };

  test('an exception lets it in until it expires', async () => {
    const expires = new Date(Date.now() + day).toISOString();
    await namespace('excepted', { ...wait, exceptions: [{ ids: ['CVE-2099-1'], expires, reason: 'not reachable' }] });
    await create(pod('one', 'excepted', image('bad')));
    cluster.clock.ahead = 2 * day;
    await assert.rejects(create(pod('two', 'excepted', image('bad'))), /CVE-2099-1/);
    cluster.clock.ahead = 0;
  });

  test('a VulnerabilityException lets it in until it expires, where the policy wants it', async () => {
    const expires = new Date(Date.now() + day).toISOString();
    const spec = { ids: ['CVE-2099-1'], owner: 'team', reason: 'not reachable', expires };
    await namespace('accepting', wait);
    await assert.rejects(create(pod('none', 'accepting', image('bad'))), /CVE-2099-1/);
    await client.create(vulnerabilityExceptions, { metadata: { name: 'openssl', namespace: 'accepting' }, spec });
    await settle();
    await create(pod('one', 'accepting', image('bad')));
    const { stderr } = await cluster.kubectl('run', 'two', '--namespace=accepting', `--image=${image('bad')}`);
    assert.match(stderr, /Warning: .*CVE-2099-1 let through by exception until 20/);
    await namespace('deaf', { ...wait, exceptionResources: false });
    await client.create(vulnerabilityExceptions, { metadata: { name: 'openssl', namespace: 'deaf' }, spec });
    await settle();
    await assert.rejects(create(pod('one', 'deaf', image('bad'))), /CVE-2099-1/);
    cluster.clock.ahead = day;
    await assert.rejects(create(pod('three', 'accepting', image('bad'))), /CVE-2099-1/);
    cluster.clock.ahead = 0;
    await client.delete(vulnerabilityExceptions, 'openssl', { namespace: 'accepting' });
    await settle();
    await assert.rejects(create(pod('four', 'accepting', image('bad'))), /CVE-2099-1/);
  });

  test('warns, where that is the mode', async () => {
    await namespace('warned', { ...wait, mode: 'warn' });
    const { status, stderr } = await cluster.kubectl('run', 'w', '--namespace=warned', `--image=${image('bad')}`);
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /Warning: .*shop\/bad:1: CVE-2099-1 \(CRITICAL, exploited, EPSS 0\.40\) in openssl 1\.1\.1t, fixed in 1\.1\.1w/,
    );
  });

  test('an unknown image as the policy has it; a dry run starts no scan', async () => {
    await namespace('unknown', { unknownImage: 'deny' });
    await assert.rejects(
      create(pod('dry', 'unknown', image('dry')), true),
      /not scanned yet, and a dry run starts no scan/,
    );
    await assert.rejects(create(pod('late', 'unknown', image('late'))), /not scanned yet; the scan is under way/);
    await until('the scan is done', async () => ((await assessed()).includes('late') ? true : undefined));
    await assert.rejects(create(pod('late', 'unknown', image('late'))), /CVE-2099-1/);
    assert.ok(!(await assessed()).includes('dry'));
  });

  test('breaks the glass for those who may, and says so', async () => {
    const annotation = { 'pratique.dev/break-glass': 'incident 7' };
    await namespace('glass', { ...wait, breakGlass: { allowed: true, groups: ['system:masters'] } });
    await create(pod('g', 'glass', image('bad'), annotation));
    await assert.rejects(create(pod('g', 'strict', image('bad'), annotation)), /breaking the glass is not allowed/);
  });

  test('a ConfigMap is a policy, too, and a broken one closes the gate', async () => {
    const labels = { 'pratique.dev/enforce': 'true' };
    await client.create(resources.namespaces, { metadata: { name: 'mapped', labels } });
    await client.apply(resources.configMaps, policyMap('severites: [HIGH]'));
    await settle();
    await assert.rejects(create(pod('m', 'mapped', image('clean'))), /severites: there is no such field/);
    await client.apply(resources.configMaps, policyMap('allowedRegistries: [registry.example.org]'));
    await settle();
    await assert.rejects(create(pod('m', 'mapped', image('clean'))), /not below an allowed registry/);
  });

  test('pins digests where a namespace asks for it', async () => {
    await namespace('pinned', { ...wait, requireDigest: true }, { 'pratique.dev/pin-digests': 'true' });
    const { spec } = await create(pod('p', 'pinned', image('clean')));
    assert.match(spec.containers![0]!.image!, /shop\/clean:1@sha256:[0-9a-f]{64}$/);
  });

  const changes = async (): Promise<string> => certificateChanges((await askWebhook(webhook.port, '/metrics')).body);

  test('takes a renewed certificate into use', async () => {
    assert.equal(await changes(), '0');
    cluster.writeCertificate();
    await until('the certificate is changed', async () => ((await changes()) === '1' ? true : undefined));
    await assert.rejects(create(pod('bad', 'strict', image('bad'))), /CVE-2099-1/);
  });

  test('answers from memory when the registry is down; another replica knows the same without a scan', async () => {
    push('unasked', '1.1.1w');
    const unasked = image('unasked');
    const known = image('bad');
    await registry.close();
    await assert.rejects(create(pod('bad', 'strict', known)), /CVE-2099-1/);
    await assert.rejects(create(pod('u', 'unknown', unasked)), /the tag could not be resolved/);
    await namespace('open', { unknownImage: 'allow' });
    await create(pod('u', 'open', unasked));
    const replica = await cluster.start();
    const images = await until('the replica knows the images', async () => {
      const found = /known_images (\d+)/.exec((await askWebhook(replica.port, '/metrics')).body);
      return Number(found?.[1]) >= 5 ? Number(found?.[1]) : undefined;
    });
    assert.equal(images, (await assessed()).length);
    await replica.end();
  });

  test('without the webhook, what is enforced is closed and the rest is open', async () => {
    await webhook.end();
    await assert.rejects(create(pod('again', 'strict', 'app:1')), /failed calling webhook/);
    await client.create(resources.namespaces, { metadata: { name: 'free' } });
    await create(pod('again', 'free', 'app:1'));
  });

  test('replicas make one certificate for both, and tell the API server whose it is', async () => {
    const { certificate: _, ...own } = cluster.options;
    const both = await Promise.all([cluster.start(own), cluster.start(own)]);
    const secret = await client.get(resources.secrets, 'pratique-webhook-certificate', {
      namespace: 'pratique-system',
    });
    for (const type of [resources.validatingWebhookConfigurations, resources.mutatingWebhookConfigurations]) {
      const found = (await client.get(type, 'pratique-webhook')) as KubernetesObject & {
        webhooks: { clientConfig: { caBundle: string } }[];
      };
      for (const one of found.webhooks) assert.equal(one.clientConfig.caBundle, secret.data!['ca.crt']);
    }
    const logs = both.map(({ world }) => /made a certificate/.test(world.written.log));
    assert.equal(logs.filter(Boolean).length, 1);
    for (const one of both) await one.end();
  });
});

const policyMap = (text: string) => ({
  metadata: { name: 'pratique-policy', namespace: 'mapped' },
  data: { 'policy.yaml': text },
});

const certificateChanges = (metrics: string): string => /certificate_changes_total (\d+)/.exec(metrics)?.[1] ?? '0';
