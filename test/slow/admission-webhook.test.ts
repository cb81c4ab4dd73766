/** The admission webhook as a real API server calls it, with the manifests and the rights it is shipped with. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { writeBolt } from '#advisories';
import { makeImage } from '#artifact/fakes';
import {
  defineResource,
  issueAuthority,
  issueServerCertificate,
  type KubernetesClient,
  type KubernetesObject,
  type Pod,
  resources,
  startWebhook,
  vulnerabilityExceptions,
  type Webhook,
  type WebhookOptions,
} from '#kubernetes';
import { fakeRegistry, type FakeRegistry } from '#oci/fakes';
import { systemClock } from '#platform';
import { type FakeWorld, fakeWorld } from '#platform/fakes';
import { type ControlPlane, noControlPlane, startControlPlane } from '../fakes/control-plane.js';
import { until } from '../fakes/cluster-objects.js';

const account = 'system:serviceaccount:pratique-system:pratique-webhook';
const imagePolicies = defineResource<KubernetesObject & { spec: unknown }>(
  'pratique.dev/v1alpha1/imagepolicies',
  'ImagePolicy',
);
const imageAssessments = defineResource<KubernetesObject & { spec: { repository: string } }>(
  'pratique.dev/v1alpha1/imageassessments',
  'ImageAssessment',
);
const day = 86_400_000;
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

suite('admission webhook', { skip: noControlPlane, timeout: 240_000 }, () => {
  let plane: ControlPlane;
  let client: KubernetesClient;
  let registry: FakeRegistry;
  let webhook: Webhook;
  let options: WebhookOptions;
  /** Milliseconds that the webhook's clock is ahead. */
  let ahead = 0;
  const authority = issueAuthority({ now: new Date(), days: 10 });
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    plane = await startControlPlane({ users: [account] });
    client = plane.client();
    registry = await fakeRegistry();
    await kubectl('apply', '-f', 'deploy/crds');
    await kubectl('apply', '-f', 'deploy/static/pratique-webhook.yaml');
    writeDatabase(join(plane.directory, 'cache/db'));
    const certificate = { certPath: join(plane.directory, 'tls.crt'), keyPath: join(plane.directory, 'tls.key') };
    writeCertificate();
    options = {
      cluster: { kubeconfig: accountKubeconfig() },
      host: '127.0.0.1',
      port: 0,
      certificate,
      service: 'pratique-webhook',
      configuration: 'pratique-webhook',
      scan: { cacheDir: join(plane.directory, 'cache'), database: { skipUpdate: true, skipJavaUpdate: true } },
      workers: 1,
      platforms: [],
      useReports: true,
      rescanAfter: day,
      drain: 0,
    };
    webhook = (await start(options)).webhook;
    await pointTo(webhook.port);
    for (const image of ['before', 'other', 'bad', 'late', 'dry']) push(image, '1.1.1t');
    for (const image of ['clean', 'unasked']) push(image, '1.1.1w');
  });
  after(async () => {
    for (const end of ends) await end();
    client?.close();
    await registry?.close();
    await plane?.stop();
  });

  const image = (name: string): string => `${registry.host}/shop/${name}:1`;
  const create = (one: Pod, dryRun = false): Promise<Pod> => client.create(resources.pods, one, { dryRun });

  function push(name: string, version: string): void {
    const made = makeImage({
      layers: [
        [
          { name: 'etc/os-release', content: 'ID=alpine\nVERSION_ID=3.23.0\n' },
          { name: 'lib/apk/db/installed', content: `P:openssl\nV:${version}\nA:x86_64\no:openssl\nr:${name}\n\n` },
        ],
      ],
      gzip: true,
    });
    registry.pushImage(`shop/${name}`, '1', { layers: made.blobs, config: JSON.parse(made.config.toString()) });
  }

  function writeCertificate(): void {
    const issued = issueServerCertificate(authority, ['localhost'], { now: new Date(), days: 10 });
    writeFileSync(join(plane.directory, 'tls.crt'), issued.cert);
    writeFileSync(join(plane.directory, 'tls.key'), issued.key);
  }

  /** Of the webhook's service account, in its namespace. */
  function accountKubeconfig(): string {
    const path = join(plane.directory, 'account.kubeconfig');
    const ca = Buffer.from(plane.ca).toString('base64');
    const document = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'account',
      clusters: [{ name: 'test', cluster: { server: plane.server, 'certificate-authority-data': ca } }],
      contexts: [{ name: 'account', context: { cluster: 'test', user: 'account', namespace: 'pratique-system' } }],
      users: [{ name: 'account', user: { token: account } }],
    };
    writeFileSync(path, JSON.stringify(document));
    return path;
  }

  async function start(
    more: WebhookOptions,
  ): Promise<{ webhook: Webhook; world: FakeWorld; end: () => Promise<void> }> {
    const controller = new AbortController();
    const clock = { ...systemClock, now: () => new Date(Date.now() + ahead) };
    const world = fakeWorld({ clock, signal: controller.signal });
    const started = await startWebhook(more, world);
    const end = async (): Promise<void> => {
      controller.abort();
      await started.ended;
    };
    ends.push(end);
    await until('the webhook is ready', async () =>
      (await get(started.port, '/readyz')).status === 200 ? true : undefined,
    );
    return { webhook: started, world, end };
  }

  /** In place of the Service, which has nowhere to lead to here. */
  async function pointTo(port: number): Promise<void> {
    const caBundle = Buffer.from(authority.cert).toString('base64');
    const types = [resources.validatingWebhookConfigurations, resources.mutatingWebhookConfigurations] as const;
    for (const [i, type] of types.entries()) {
      const found = (await client.get(type, 'pratique-webhook')) as KubernetesObject & { webhooks: object[] };
      const clientConfig = { url: `https://localhost:${port}/${i === 0 ? 'validate' : 'mutate'}`, caBundle };
      const webhooks = found.webhooks.map((one) => ({ ...one, clientConfig }));
      await client.update(type, { ...found, webhooks } as KubernetesObject);
    }
    // The API server follows its own configuration with a little delay.
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }

  function kubectl(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    return new Promise((resolve) => {
      const program = join(process.env['KUBEBUILDER_ASSETS'] ?? '', 'kubectl');
      const child = spawn(program, ['--kubeconfig', plane.kubeconfig, ...args]);
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk) => (stdout += String(chunk)));
      child.stderr.on('data', (chunk) => (stderr += String(chunk)));
      child.on('close', (status) => {
        if (args[0] === 'apply') assert.equal(status, 0, stderr);
        resolve({ status: status ?? 1, stdout, stderr });
      });
    });
  }

  async function namespace(name: string, spec: object, labels: Record<string, string> = {}): Promise<void> {
    const all = { 'pratique.dev/enforce': 'true', ...labels };
    await client.create(resources.namespaces, { metadata: { name, labels: all } });
    await client.create(imagePolicies, { metadata: { name: 'policy', namespace: name }, spec });
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  const wait = { unknownImage: 'wait', waitSeconds: 8 };

  test('refuses what is critical and can be fixed, by its name, and admits what is clean', async () => {
    await namespace('strict', wait);
    await assert.rejects(create(pod('bad', 'strict', image('bad'))), {
      name: 'KubernetesError',
      status: 403,
      message:
        /1 vulnerability not allowed: CVE-2099-1 \(CRITICAL, exploited\) in openssl 1\.1\.1t, fixed in 1\.1\.1w \(ImagePolicy strict\/policy\)/,
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
    await new Promise((resolve) => setTimeout(resolve, 500));
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
    ahead = 2 * day;
    await assert.rejects(create(pod('two', 'excepted', image('bad'))), /CVE-2099-1/);
    ahead = 0;
  });

  test('a VulnerabilityException lets it in until it expires, where the policy wants it', async () => {
    const expires = new Date(Date.now() + day).toISOString();
    const spec = { ids: ['CVE-2099-1'], owner: 'team', reason: 'not reachable', expires };
    await namespace('accepting', wait);
    await assert.rejects(create(pod('none', 'accepting', image('bad'))), /CVE-2099-1/);
    await client.create(vulnerabilityExceptions, { metadata: { name: 'openssl', namespace: 'accepting' }, spec });
    await new Promise((resolve) => setTimeout(resolve, 400));
    await create(pod('one', 'accepting', image('bad')));
    const { stderr } = await kubectl('run', 'two', '--namespace=accepting', `--image=${image('bad')}`);
    assert.match(stderr, /Warning: .*CVE-2099-1 let through by exception until 20/);
    await namespace('deaf', { ...wait, exceptionResources: false });
    await client.create(vulnerabilityExceptions, { metadata: { name: 'openssl', namespace: 'deaf' }, spec });
    await new Promise((resolve) => setTimeout(resolve, 400));
    await assert.rejects(create(pod('one', 'deaf', image('bad'))), /CVE-2099-1/);
    ahead = day;
    await assert.rejects(create(pod('three', 'accepting', image('bad'))), /CVE-2099-1/);
    ahead = 0;
    await client.delete(vulnerabilityExceptions, 'openssl', { namespace: 'accepting' });
    await new Promise((resolve) => setTimeout(resolve, 400));
    await assert.rejects(create(pod('four', 'accepting', image('bad'))), /CVE-2099-1/);
  });

  test('warns, where that is the mode', async () => {
    await namespace('warned', { ...wait, mode: 'warn' });
    const { status, stderr } = await kubectl('run', 'w', '--namespace=warned', `--image=${image('bad')}`);
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /Warning: .*shop\/bad:1: CVE-2099-1 \(CRITICAL, exploited\) in openssl 1\.1\.1t, fixed in 1\.1\.1w/,
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
    await new Promise((resolve) => setTimeout(resolve, 500));
    await assert.rejects(create(pod('m', 'mapped', image('clean'))), /severites: there is no such field/);
    await client.apply(resources.configMaps, policyMap('allowedRegistries: [registry.example.org]'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await assert.rejects(create(pod('m', 'mapped', image('clean'))), /not below an allowed registry/);
  });

  test('pins digests where a namespace asks for it', async () => {
    await namespace('pinned', { ...wait, requireDigest: true }, { 'pratique.dev/pin-digests': 'true' });
    const { spec } = await create(pod('p', 'pinned', image('clean')));
    assert.match(spec.containers![0]!.image!, /shop\/clean:1@sha256:[0-9a-f]{64}$/);
  });

  const changes = async (): Promise<string> => certificateChanges((await get(webhook.port, '/metrics')).body);

  test('takes a renewed certificate into use', async () => {
    assert.equal(await changes(), '0');
    writeCertificate();
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
    const replica = await start(options);
    const images = await until('the replica knows the images', async () => {
      const found = /known_images (\d+)/.exec((await get(replica.webhook.port, '/metrics')).body);
      return Number(found?.[1]) >= 5 ? Number(found?.[1]) : undefined;
    });
    assert.equal(images, (await assessed()).length);
    await replica.end();
  });

  test('without the webhook, what is enforced is closed and the rest is open', async () => {
    await ends[0]!();
    await assert.rejects(create(pod('again', 'strict', 'app:1')), /failed calling webhook/);
    await client.create(resources.namespaces, { metadata: { name: 'free' } });
    await create(pod('again', 'free', 'app:1'));
  });

  test('replicas make one certificate for both, and tell the API server whose it is', async () => {
    const { certificate: _, ...own } = options;
    const both = await Promise.all([start(own), start(own)]);
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

function get(port: number, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    httpsRequest({ host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false }, (message) => {
      let body = '';
      message.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      message.on('end', () => resolve({ status: message.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

const policyMap = (text: string) => ({
  metadata: { name: 'pratique-policy', namespace: 'mapped' },
  data: { 'policy.yaml': text },
});

const certificateChanges = (metrics: string): string => /certificate_changes_total (\d+)/.exec(metrics)?.[1] ?? '0';

const pod = (name: string, namespace: string, text: string, annotations: Record<string, string> = {}): Pod => ({
  metadata: { name, namespace, annotations },
  spec: { containers: [{ name: 'main', image: text }] },
});

function writeDatabase(directory: string): void {
  const at = new Date().toISOString();
  writeBolt(join(directory, 'trivy.db'), [
    ['KEV', [['CVE-2099-1', json({ DateAdded: '2099-01-01' })]]],
    ['alpine 3.23', [['openssl', [['CVE-2099-1', json({ FixedVersion: '1.1.1w' })]]]]],
    ['vulnerability', [['CVE-2099-1', json({ Title: 'openssl', VendorSeverity: { nvd: 4 } })]]],
  ]);
  const times = { NextUpdate: at, UpdatedAt: at, DownloadedAt: at };
  writeFileSync(join(directory, 'metadata.json'), JSON.stringify({ Version: 2, ...times }));
}
