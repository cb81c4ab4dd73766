/** Advisories that are published to a registry, and who is told: real control plane, registry and Alertmanager. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { type KubernetesClient, resources, type VulnerabilityReport, vulnerabilityReports } from '#kubernetes';
import { type FakeServer, fakeServer } from '#platform/fakes';
import { publishDatabase } from '../e2e/kit/database.js';
import { alpineImage } from '../e2e/kit/images.js';
import { pushImage } from '../e2e/kit/push.js';
import { workplace } from '../e2e/kit/workplace.js';
import { makeNamespace, makeNode, podTemplate, until } from '../fakes/cluster-objects.js';
import { type ControlPlane, noControlPlane, startControlPlane } from '../fakes/control-plane.js';
import { freePort } from '../fakes/free-port.js';
import { installOperator, type RunningOperator, startOperator } from '../fakes/operator-program.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';

const key = `whsec_${Buffer.from('a key of the tests, long enough').toString('base64')}`;
const noAlertmanager =
  spawnSync('prometheus-alertmanager', ['--version'], { stdio: 'ignore' }).status === 0
    ? false
    : 'prometheus-alertmanager is not installed';

interface Told {
  readonly type: string;
  readonly image: string;
  readonly findings: readonly { readonly id: string }[];
}

suite('events of the operator', { skip: noControlPlane || noRegistry, timeout: 300_000 }, () => {
  const { at } = workplace();
  const cache = at('operator-cache');
  let plane: ControlPlane;
  let client: KubernetesClient;
  let registry: RealRegistry;
  let receiver: FakeServer;
  let alertmanager: { readonly url: string; stop(): void } | undefined;
  let kubeconfig: string;
  let operator: RunningOperator | undefined;
  let isDown = false;

  before(async () => {
    [plane, registry, receiver] = await Promise.all([
      startControlPlane({ controllers: true, kwok: true, users: ['operator'] }),
      realRegistry(),
      fakeServer(() => ({ status: isDown ? 503 : 204 })),
    ]);
    client = plane.client();
    await makeNode(client, 'amd-node', 'amd64');
    await makeNamespace(client, 'shop');
    kubeconfig = await installOperator(client, plane, at('kubeconfig'));
    if (!noAlertmanager) alertmanager = await startAlertmanager(at('alertmanager'));
    await pushImage(registry, 'made/app', '1', alpineImage());
    await publishDatabase(registry, at('database'), 'db', { age: 4 });
    for (const name of ['web', 'api']) await deploy(name);
    operator = await start();
  });
  after(async () => {
    await operator?.stop();
    alertmanager?.stop();
    client?.close();
    await Promise.all([plane?.stop(), registry?.stop(), receiver?.close()]);
  });

  const start = (): Promise<RunningOperator> =>
    startOperator({
      kubeconfig,
      args: [
        '--cache-dir',
        cache,
        '--db-repository',
        `${registry.host}/db:2`,
        '--database-interval',
        '1s',
        '--include-namespaces',
        'shop',
        '--report-kinds',
        'vulnerability',
        '--leader-elect',
        '--notify-webhook',
        `${receiver.origin}/hook`,
        ...(alertmanager ? ['--notify-alertmanager', alertmanager.url] : []),
      ],
      env: { PRATIQUE_NOTIFY_WEBHOOK_KEY: key },
    });

  const deploy = (name: string) =>
    client.apply(resources.deployments, {
      metadata: { name, namespace: 'shop' },
      spec: {
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, ...podTemplate(`${registry.host}/made/app:1`, 'amd64') },
      },
    } as never);

  /** As if the last download were long ago. */
  async function publish(content: Parameters<typeof publishDatabase>[3]): Promise<void> {
    await publishDatabase(registry, at('database'), 'db', content);
    const path = `${cache}/db/metadata.json`;
    const metadata = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...metadata, DownloadedAt: '2020-01-01T00:00:00Z' }));
  }

  const taken = (): Told[] =>
    receiver.requests
      .map(
        ({ body, headers }) => new Webhook(key).verify(body, headers as Record<string, string>) as { events: Told[] },
      )
      .flatMap(({ events }) => events);

  async function reports(passes: (report: VulnerabilityReport) => boolean): Promise<VulnerabilityReport[]> {
    return until('two reports', async () => {
      const found: VulnerabilityReport[] = [];
      for await (const one of client.list(vulnerabilityReports, { namespace: 'shop' })) found.push(one);
      return found.length === 2 && found.every(passes) ? found : undefined;
    });
  }

  const has = (id: string) => (one: VulnerabilityReport) =>
    one.report.vulnerabilities?.some(({ vulnerabilityID }) => vulnerabilityID === id) === true;

  test('the first look at everything is one summary', async () => {
    await reports(has('CVE-2099-0001'));
    await until('the summary', async () => (taken().length > 0 ? true : undefined));
    assert.deepEqual(
      taken().map(({ type }) => type),
      ['Summary'],
    );
  });

  test('a new advisory in the registry changes the reports, and is told once', async () => {
    const scans = await operator!.metric('pratique_operator_scans_total');
    receiver.requests.length = 0;
    await publish({ age: 3, later: ['advisory'] });
    await reports(has('CVE-2099-0009'));
    await until('the event', async () => (taken().length > 0 ? true : undefined));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const [event, ...others] = taken();
    assert.deepEqual(others, []);
    assert.equal(event!.type, 'New');
    assert.equal(event!.image, `${registry.host}/made/app`);
    assert.deepEqual(
      event!.findings.map(({ id }) => id),
      ['CVE-2099-0009'],
    );
    assert.equal(await operator!.metric('pratique_operator_scans_total'), scans, 'nothing was pulled');
  });

  test('alertmanager has the alert', { skip: noAlertmanager }, async () => {
    const alerts = await until('the alert', async () => {
      const answer = await fetch(`${alertmanager!.url}/api/v2/alerts?filter=vulnerability="CVE-2099-0009"`);
      const found = (await answer.json()) as { labels: Record<string, string>; status: { state: string } }[];
      return found.length > 0 ? found : undefined;
    });
    assert.equal(alerts.length, 1);
    assert.equal(alerts[0]!.labels['package'], 'musl');
    assert.equal(alerts[0]!.status.state, 'active');
  });

  test('killed while the receiver is down: the next process tells what is known to be exploited by now', async () => {
    receiver.requests.length = 0;
    isDown = true;
    await publish({ age: 2, later: ['advisory', 'exploited'] });
    await until('a refused request', async () => (receiver.requests.length > 0 ? true : undefined));
    await operator!.kill();
    receiver.requests.length = 0;
    isDown = false;
    operator = await start();
    await until('the event', async () => (taken().length > 0 ? true : undefined));
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.deepEqual(
      taken().map(({ type, findings }) => `${type} ${findings.map(({ id }) => id).join()}`),
      ['KevAdded CVE-2099-0003'],
    );
    const [report] = await reports(has('CVE-2099-0003'));
    const exploited = report!.report.vulnerabilities!.filter(({ pratique }) => pratique.knownExploited);
    assert.deepEqual(
      exploited.map(({ vulnerabilityID }) => vulnerabilityID),
      ['CVE-2099-0003'],
    );
  });
});

async function startAlertmanager(folder: string): Promise<{ readonly url: string; stop(): void }> {
  mkdirSync(folder);
  writeFileSync(`${folder}/config.yml`, 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
  const address = `127.0.0.1:${await freePort()}`;
  const args = [
    `--config.file=${folder}/config.yml`,
    `--storage.path=${folder}/data`,
    `--web.listen-address=${address}`,
  ];
  const child = spawn('prometheus-alertmanager', [...args, '--cluster.listen-address='], { stdio: 'ignore' });
  const stop = (): void => void child.kill('SIGKILL');
  process.once('exit', stop);
  await until('alertmanager', async () => {
    const answer = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    return answer?.ok ? true : undefined;
  });
  return { url: `http://${address}`, stop };
}
