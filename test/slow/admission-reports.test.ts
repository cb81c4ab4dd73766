/** The reports of an operator in place of scans: with them the webhook needs no registry and no database. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { resources, vulnerabilityReports } from '#kubernetes';
import { pushImage } from '../e2e/kit/push.js';
import { until } from '../fakes/cluster-objects.js';
import { noControlPlane } from '../fakes/control-plane.js';
import {
  alpineWith,
  askWebhook,
  guardCluster,
  type GuardedCluster,
  imagePolicies,
  pod,
  type RunningWebhook,
  settle,
} from '../fakes/guarded-cluster.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';
import { type RunningOperator, startOperator } from '../fakes/running-operator.js';

const day = 86_400_000;

suite('admission by reports', { skip: noControlPlane || noRegistry, timeout: 180_000 }, () => {
  let cluster: GuardedCluster;
  let registry: RealRegistry;
  let webhook: RunningWebhook;
  let operator: RunningOperator | undefined;
  const images = new Map<string, string>();

  before(async () => {
    [cluster, registry] = await Promise.all([guardCluster(), realRegistry()]);
    const made = new Date(Date.now() - 40 * day).toISOString();
    for (const [name, version] of [
      ['old', '1.1.1t'],
      ['new', '1.1.1w'],
    ] as const) {
      const { digest } = await pushImage(registry, `shop/${name}`, '1', alpineWith('openssl', version, name, made));
      images.set(name, `${registry.host}/shop/${name}@${digest}`);
    }
    await cluster.client.create(resources.namespaces, { metadata: { name: 'running' } });
    for (const [name, image] of images) await cluster.create(pod(name, 'running', image));
    const { cacheDir, database } = cluster.options.scan;
    webhook = await cluster.start({
      ...cluster.options,
      scan: { cacheDir: `${cacheDir}-none`, ...(database && { database }) },
    });
    await cluster.pointTo(webhook.port);
    operator = await startOperator({
      kubeconfig: cluster.plane.kubeconfig,
      namespaces: ['running'],
      scan: cluster.options.scan,
    });
    for (const name of images.keys())
      await until(`the report of ${name}`, async () => {
        const found = await cluster.client.find(vulnerabilityReports, `pod-${name}-main`, { namespace: 'running' });
        return found?.report.summary;
      });
    await registry.stop();
    await settle();
  });
  after(async () => {
    await operator?.stop();
    await cluster?.stop();
    await registry?.stop();
  });

  const table: readonly (readonly [string, object, string, RegExp?])[] = [
    ['critical findings', {}, 'old', /CVE-2099-1 \(CRITICAL, exploited, EPSS 0\.40\) in openssl 1\.1\.1t/],
    ['none', {}, 'new'],
    ['what is exploited', { vulnerabilities: { severities: [], knownExploited: true } }, 'old', /CVE-2099-1/],
    ['what is likely to be', { vulnerabilities: { severities: [], epss: 0.4 } }, 'old', /CVE-2099-1/],
    ['what is less likely', { vulnerabilities: { severities: [], epss: 0.5 } }, 'old'],
    ['the age of the image', { maxImageAgeDays: 30 }, 'new', /made 40 days ago/],
    [
      'an exception by package URL',
      { exceptions: [{ purls: ['pkg:apk/alpine/openssl'], expires: '2999-01-01', reason: 'r' }] },
      'old',
    ],
  ];

  test('policies judge by reports alone', async (t) => {
    await cluster.namespace('shop', { unknownImage: 'deny' });
    for (const [i, [title, spec, name, reason]] of table.entries())
      await t.test(title, async () => {
        const body = [{ op: 'replace', path: '/spec', value: { unknownImage: 'deny', ...spec } }] as const;
        await cluster.client.patch(imagePolicies, 'policy', { type: 'json', body }, { namespace: 'shop' });
        await settle();
        const created = cluster.create(pod(`p-${i}`, 'shop', images.get(name)!));
        if (reason) await assert.rejects(created, reason);
        else await created;
      });
    assert.match((await askWebhook(webhook.port, '/metrics')).body, /pratique_webhook_known_images 2\n/);
    assert.doesNotMatch((await askWebhook(webhook.port, '/metrics')).body, /scans_total\{/);
  });
});
