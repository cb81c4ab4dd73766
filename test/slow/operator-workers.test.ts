/** A coordinator with workers in processes of their own, on a real control plane, with the rights of the chart. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import {
  defineResource,
  type KubernetesClient,
  resources,
  type VulnerabilityReport,
  vulnerabilityReports,
} from '#kubernetes';
import { alpineImage } from '../e2e/kit/images.js';
import { pushImage } from '../e2e/kit/push.js';
import { workplace } from '../e2e/kit/workplace.js';
import { makeNamespace, makeNode, podTemplate, until } from '../fakes/cluster-objects.js';
import { type ControlPlane, noControlPlane, startControlPlane } from '../fakes/control-plane.js';
import { installOperator, type RunningOperator, startOperator } from '../fakes/operator-program.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';

const imageScans = defineResource('pratique.dev/v1alpha1/imagescans', 'ImageScan');
const IMAGES = 12;

suite('workers of the operator', { skip: noControlPlane || noRegistry, timeout: 300_000 }, () => {
  const { at, cache } = workplace();
  let plane: ControlPlane;
  let client: KubernetesClient;
  let registry: RealRegistry;
  let kubeconfig: string;
  const running: RunningOperator[] = [];

  before(async () => {
    [plane, registry] = await Promise.all([
      startControlPlane({ controllers: true, kwok: true, users: ['operator'] }),
      realRegistry(),
    ]);
    client = plane.client();
    await makeNode(client, 'amd-node', 'amd64');
    await makeNamespace(client, 'shop');
    kubeconfig = await installOperator(client, plane, at('kubeconfig'));
    for (let i = 0; i < IMAGES; i++) {
      const image = alpineImage();
      const own = [{ name: 'etc/own', content: `image ${i}` }];
      await pushImage(registry, `made/app-${i}`, '1', { ...image, layers: [...image.layers, own] });
    }
  });
  after(async () => {
    await Promise.all(running.map((one) => one.stop()));
    client?.close();
    await Promise.all([plane?.stop(), registry?.stop()]);
  });

  async function start(role: string): Promise<RunningOperator> {
    const own = role === 'worker' ? ['--cache-dir', at(`worker-${running.length}`)] : ['--cache-dir', cache];
    const args = [...own, '--skip-db-update', '--include-namespaces', 'shop', '--role', role];
    const started = await startOperator({ kubeconfig, leads: role === 'worker' ? 0 : 1, args });
    running.push(started);
    return started;
  }

  const deploy = (name: string, image: string) =>
    client.apply(resources.deployments, {
      metadata: { name, namespace: 'shop' },
      spec: {
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, ...podTemplate(`${registry.host}/made/${image}:1`, 'amd64') },
      },
    } as never);

  async function reports(passes: (one: VulnerabilityReport) => boolean, count: number): Promise<void> {
    await until(`${count} reports`, async () => {
      let found = 0;
      for await (const one of client.list(vulnerabilityReports, { namespace: 'shop' })) if (passes(one)) found++;
      return found === count ? true : undefined;
    });
  }

  test('workers read what the coordinator wants, and a killed one gives its work back', async () => {
    const [first, second] = [await start('worker'), await start('worker')];
    const coordinator = await start('coordinator');
    for (let i = 0; i < IMAGES; i++) await deploy(`web-${i}`, `app-${i}`);
    await until('work of the first', async () =>
      (await first.metric('pratique_operator_scans_total')) > 0 ? true : undefined,
    );
    await first.kill();
    running.splice(running.indexOf(first), 1);
    await reports(({ report }) => report.vulnerabilities?.length === 4, IMAGES);
    assert.ok((await second.metric('pratique_operator_scans_total')) > 0);
    assert.equal(await coordinator.metric('pratique_operator_scans_total'), 0, 'it reads nothing itself');
    for await (const { metadata } of client.list(imageScans, { namespace: 'trivy-system' })) assert.fail(metadata.name);
  });

  test('an image that is gone is told as it is without workers', async () => {
    await deploy('missing', 'nothing');
    await reports(({ report }) => report.pratique.scan.reason === 'registry/not-found', 1);
  });
});
