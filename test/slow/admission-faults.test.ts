/** What goes wrong around the webhook, on a real control plane: slow registries, certificates, restarts, huge and odd requests. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import * as fc from 'fast-check';
import { makeImage } from '#artifact/fakes';
import { type KubernetesClient, type KubernetesObject, type Pod, resources } from '#kubernetes';
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

suite('faults around the webhook', { skip: noControlPlane, timeout: 240_000 }, () => {
  let cluster: GuardedCluster;
  let client: KubernetesClient;
  let registry: FakeRegistry;
  let webhook: RunningWebhook;
  let isSlow = false;

  before(async () => {
    [cluster, registry] = await Promise.all([
      guardCluster(),
      // Layers of what is slow never come.
      fakeRegistry({
        intercept: ({ path }) =>
          isSlow && path.includes('/blobs/') ? { status: 200, body: Buffer.alloc(1), delay: 60_000 } : undefined,
      }),
    ]);
    client = cluster.client;
    webhook = await cluster.start();
    await cluster.pointTo(webhook.port);
    push('bad', '1.1.1t');
    push('clean', '1.1.1w');
    await cluster.namespace('shop', { unknownImage: 'wait', waitSeconds: 8 });
    await assert.rejects(create(pod('bad', 'shop', image('bad'))), /CVE-2099-1/);
    await create(pod('clean', 'shop', image('clean')));
  });
  after(async () => {
    await cluster?.stop();
    await registry?.close();
  });

  function push(name: string, version: string): void {
    const made = makeImage(opensslImage(version, name));
    registry.pushImage(`shop/${name}`, '1', { layers: made.blobs, config: JSON.parse(made.config.toString()) });
  }
  const image = (name: string): string => `${registry.host}/shop/${name}:1`;
  const create = (one: Pod, dryRun = false): Promise<Pod> => cluster.create(one, dryRun);

  test('an answer comes before the API server gives up, whatever the policy waits for', async () => {
    push('slow', '1.1.1w');
    isSlow = true;
    await cluster.namespace('patient', { unknownImage: 'wait', waitSeconds: 25 });
    await setTimeoutSeconds(2);
    const began = performance.now();
    await assert.rejects(create(pod('slow', 'patient', image('slow'))), /not scanned yet; the scan is under way/);
    assert.ok(performance.now() - began < 2500);
    await setTimeoutSeconds(10);
    isSlow = false;
  });

  async function setTimeoutSeconds(timeoutSeconds: number): Promise<void> {
    const type = resources.validatingWebhookConfigurations;
    const found = (await client.get(type, 'pratique-webhook')) as KubernetesObject & { webhooks: object[] };
    const webhooks = found.webhooks.map((one) => ({ ...one, timeoutSeconds }));
    await client.update(type, { ...found, webhooks } as KubernetesObject);
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }

  test('certificates are renewed under load, and no request fails', async () => {
    const changes = async (): Promise<number> =>
      Number(/certificate_changes_total (\d+)/.exec((await askWebhook(webhook.port, '/metrics')).body)?.[1]);
    const done = new AbortController();
    let refused = 0;
    let admitted = 0;
    const load = async (worker: number): Promise<void> => {
      while (!done.signal.aborted) {
        // Connections of their own, since those that are open keep the old certificate.
        assert.equal((await askWebhook(webhook.port, '/healthz')).status, 200);
        await assert.rejects(create(pod(`r-${worker}`, 'shop', image('bad')), true), /CVE-2099-1/);
        refused++;
        await create(pod(`r-${worker}`, 'shop', image('clean')), true);
        admitted++;
      }
    };
    const working = Promise.all(Array.from({ length: 8 }, (_, i) => load(i)));
    for (let i = 1; i <= 3; i++) {
      cluster.writeCertificate();
      await until('the certificate is changed', async () => ((await changes()) === i ? true : undefined));
    }
    done.abort();
    await working;
    assert.ok(refused > 20 && admitted > 20, `${refused} ${admitted}`);
  });

  test('huge pods: every image of 2,000 containers is judged, in time', async () => {
    const containers = Array.from({ length: 2000 }, (_, i) => ({ name: `c${i}`, image: image('clean') }));
    const huge = (more: object[]): Pod =>
      ({
        metadata: { name: 'huge', namespace: 'shop', annotations: { text: 'x'.repeat(200_000) } },
        spec: { containers: [...containers, ...more] },
      }) as Pod;
    const began = performance.now();
    await create(huge([]), true);
    await assert.rejects(create(huge([{ name: 'last', image: image('bad') }]), true), /CVE-2099-1/);
    assert.ok(performance.now() - began < 8000);
    // Each of these would have to be asked for: refused, not admitted unseen, when the time is over.
    const strangers = Array.from({ length: 300 }, (_, i) => ({ name: `s${i}`, image: image(`stranger-${i}`) }));
    await assert.rejects(create(huge(strangers), true), /the tag could not be resolved|not scanned yet/);
  });

  test('an API server that restarts: what is known stays, and what changed meanwhile is followed', async () => {
    await cluster.plane.stopApiServer();
    const review = reviewOf({ spec: { containers: [{ image: image('bad') }] } });
    const { body } = await askWebhook(webhook.port, '/validate?timeout=5s', JSON.stringify(review));
    assert.match(body, /CVE-2099-1/);
    await cluster.plane.compact();
    await cluster.plane.startApiServer();
    await until('an answer', () => create(pod('after', 'shop', image('clean')), true).catch(() => undefined));
    await assert.rejects(create(pod('after', 'shop', image('bad')), true), /CVE-2099-1/);
    const patch = { type: 'merge', body: { spec: { mode: 'warn' } } } as const;
    await client.patch(imagePolicies, 'policy', patch, { namespace: 'shop' });
    await until('the new policy', () => create(pod('after', 'shop', image('bad')), true).catch(() => undefined));
    await client.patch(
      imagePolicies,
      'policy',
      { type: 'merge', body: { spec: { mode: 'enforce' } } },
      { namespace: 'shop' },
    );
    await settle();
  });

  const reviewOf = (object: unknown, more: object = {}): object => ({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'u',
      kind: { kind: 'Pod' },
      namespace: 'shop',
      operation: 'CREATE',
      userInfo: { username: 'eve', groups: ['system:authenticated'] },
      object,
      ...more,
    },
  });

  test('malformed reviews: 400 or a verdict, never an error of ours, and the next one is answered', async () => {
    const whole = JSON.stringify(reviewOf(pod('x', 'shop', image('bad'))));
    const damaged = fc.oneof(
      fc.nat(whole.length).map((at) => whole.slice(0, at)),
      fc
        .tuple(fc.nat(whole.length - 1), fc.string({ minLength: 1, maxLength: 3 }))
        .map(([at, text]) => whole.slice(0, at) + text + whole.slice(at + text.length)),
      fc.jsonValue().map((value) => JSON.stringify(reviewOf(value))),
      fc
        .jsonValue()
        .map((value) => JSON.stringify(reviewOf({ metadata: value, spec: { containers: value, volumes: [value] } }))),
      fc.jsonValue().map((value) => JSON.stringify(reviewOf({}, { userInfo: value, oldObject: value, dryRun: value }))),
    );
    await fc.assert(
      fc.asyncProperty(damaged, async (body) => {
        const { status, body: answer } = await askWebhook(webhook.port, '/validate?timeout=5s', body);
        assert.ok(status === 200 || status === 400, `${status} ${body} ${answer}`);
        if (status === 200)
          assert.equal(typeof (JSON.parse(answer) as { response: { allowed: boolean } }).response.allowed, 'boolean');
      }),
      { numRuns: 300 },
    );
    await assert.rejects(create(pod('bad', 'shop', image('bad')), true), /CVE-2099-1/);
    assert.doesNotMatch(webhook.world.written.log, /could not be answered/);
  });

  test('a database that is gone: what is known counts, and what is not is told', async () => {
    const bare = await cluster.start({
      ...cluster.options,
      scan: { ...cluster.options.scan, cacheDir: `${cluster.plane.directory}/empty` },
    });
    await cluster.pointTo(bare.port);
    await assert.rejects(create(pod('known', 'shop', image('bad'))), /CVE-2099-1/);
    push('unseen', '1.1.1t');
    await assert.rejects(create(pod('unseen', 'shop', image('unseen'))), /could not be scanned: .*database/i);
  });
});
