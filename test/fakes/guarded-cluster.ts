/**
 * A real control plane with the webhook's manifests and rights, and webhooks that its API server calls: in this process, with
 * a clock that tests move. What the Service does, a small balancer does here, or the webhook's own address.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { writeBolt } from '#advisories';
import type { ImageParts } from '#artifact/fakes';
import {
  defineResource,
  issueAuthority,
  issueServerCertificate,
  type KubernetesClient,
  type KubernetesObject,
  type Pod,
  resources,
  startWebhook,
  type WebhookOptions,
} from '#kubernetes';
import { systemClock } from '#platform';
import { type FakeWorld, fakeWorld } from '#platform/fakes';
import { until } from './cluster-objects.js';
import { type ControlPlane, startControlPlane } from './control-plane.js';

const account = 'system:serviceaccount:pratique-system:pratique-webhook';

export const imagePolicies = defineResource<KubernetesObject & { spec: unknown }>(
  'pratique.dev/v1alpha1/imagepolicies',
  'ImagePolicy',
);

export interface RunningWebhook {
  readonly port: number;
  readonly world: FakeWorld;
  end(): Promise<void>;
}

export interface GuardedCluster {
  readonly plane: ControlPlane;
  readonly client: KubernetesClient;
  /** Of the webhook's service account, with a certificate in files and a database in the cache. */
  readonly options: WebhookOptions;
  /** Milliseconds that the clocks of webhooks are ahead. */
  readonly clock: { ahead: number };
  start(options?: WebhookOptions): Promise<RunningWebhook>;
  /** Where the API server asks. */
  pointTo(port: number): Promise<void>;
  /** Enforced, with a policy. */
  namespace(name: string, spec: object, labels?: Record<string, string>): Promise<void>;
  create(pod: Pod, dryRun?: boolean): Promise<Pod>;
  kubectl(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }>;
  writeCertificate(): void;
  stop(): Promise<void>;
}

export async function guardCluster(flags: readonly string[] = []): Promise<GuardedCluster> {
  const plane = await startControlPlane({ users: [account], flags });
  const client = plane.client();
  const authority = issueAuthority({ now: new Date(), days: 10 });
  const running = new Set<RunningWebhook>();
  const at = (name: string): string => join(plane.directory, name);
  const cacheDir = at('cache');
  writeOpensslDatabase(join(cacheDir, 'db'));
  writeFileSync(at('account.kubeconfig'), accountKubeconfig(plane));
  const cluster: GuardedCluster = {
    plane,
    client,
    options: {
      cluster: { kubeconfig: at('account.kubeconfig') },
      host: '127.0.0.1',
      port: 0,
      certificate: { certPath: at('tls.crt'), keyPath: at('tls.key') },
      service: 'pratique-webhook',
      configuration: 'pratique-webhook',
      scan: { cacheDir, database: { skipUpdate: true, skipJavaUpdate: true } },
      workers: 1,
      platforms: [],
      useReports: true,
      rescanAfter: 86_400_000,
      drain: 0,
    },
    clock: { ahead: 0 },
    async start(options = cluster.options) {
      const controller = new AbortController();
      const clock = { ...systemClock, now: () => new Date(Date.now() + cluster.clock.ahead) };
      const world = fakeWorld({ clock, signal: controller.signal });
      const { port, ended } = await startWebhook(options, world);
      const one: RunningWebhook = {
        port,
        world,
        async end() {
          running.delete(one);
          controller.abort();
          await ended;
        },
      };
      running.add(one);
      await until('the webhook is ready', async () =>
        (await askWebhook(port, '/readyz')).status === 200 ? true : undefined,
      );
      return one;
    },
    async pointTo(port) {
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
    },
    async namespace(name, spec, labels = {}) {
      const all = { 'pratique.dev/enforce': 'true', ...labels };
      await client.create(resources.namespaces, { metadata: { name, labels: all } });
      await client.create(imagePolicies, { metadata: { name: 'policy', namespace: name }, spec });
      await settle();
    },
    create: (pod, dryRun = false) => client.create(resources.pods, pod, { dryRun }),
    kubectl(...args) {
      return new Promise((resolve) => {
        const program = join(process.env['KUBEBUILDER_ASSETS'] ?? '', 'kubectl');
        const child = spawn(program, ['--kubeconfig', plane.kubeconfig, ...args]);
        let stdout = '';
        let stderr = '';
        child.stdout.on('data', (chunk) => (stdout += String(chunk)));
        child.stderr.on('data', (chunk) => (stderr += String(chunk)));
        child.on('close', (status) => resolve({ status: status ?? 1, stdout, stderr }));
      });
    },
    writeCertificate() {
      const issued = issueServerCertificate(authority, ['localhost'], { now: new Date(), days: 10 });
      writeFileSync(at('tls.crt'), issued.cert);
      writeFileSync(at('tls.key'), issued.key);
    },
    async stop() {
      for (const one of running) await one.end();
      client.close();
      await plane.stop();
    },
  };
  cluster.writeCertificate();
  for (const path of ['deploy/crds', 'deploy/static/pratique-webhook.yaml']) {
    const { status, stderr } = await cluster.kubectl('apply', '-f', path);
    assert.equal(status, 0, stderr);
  }
  return cluster;
}

/** Until what was written is followed. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));

/** Its kubeconfig, in its namespace. */
function accountKubeconfig({ ca, server }: ControlPlane): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'account',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    contexts: [{ name: 'account', context: { cluster: 'test', user: 'account', namespace: 'pratique-system' } }],
    users: [{ name: 'account', user: { token: account } }],
  });
}

/** Connections go to one port after the other, as a Service would send them. */
export async function startBalancer(...ports: number[]): Promise<{ port: number; stop(): Promise<void> }> {
  let next = 0;
  const open = new Set<Socket>();
  const server = createServer((from) => {
    const to = connect(ports[next++ % ports.length]!, '127.0.0.1');
    for (const one of [from, to]) open.add(one.on('close', () => open.delete(one)));
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const)
      one.pipe(other).on('error', () => one.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      for (const one of open) one.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function askWebhook(port: number, path: string, body?: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const headers = { 'content-type': 'application/json' };
    httpsRequest(
      { host: '127.0.0.1', port, path, method, headers, rejectUnauthorized: false, agent: false },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
      },
    )
      .on('error', reject)
      .end(body);
  });
}

export const pod = (name: string, namespace: string, image: string, annotations: Record<string, string> = {}): Pod => ({
  metadata: { name, namespace, annotations },
  spec: { containers: [{ name: 'main', image }] },
});

/** An Alpine with one package; `salt` makes another image of the same content. */
export const opensslImage = (version: string, salt: string): ImageParts => alpineWith('openssl', version, salt);

export const alpineWith = (name: string, version: string, salt: string, created?: string): ImageParts => ({
  layers: [
    [
      { name: 'etc/os-release', content: 'ID=alpine\nVERSION_ID=3.23.0\n' },
      { name: 'lib/apk/db/installed', content: `P:${name}\nV:${version}\nA:x86_64\no:${name}\nr:${salt}\n\n` },
    ],
  ],
  gzip: true,
  ...(created !== undefined && { config: { created } }),
});

/**
 * openssl before 1.1.1w has CVE-2099-1: critical, with a fix, known to be exploited, likely to be. busybox has CVE-2099-2:
 * high, without a fix, a week old.
 */
function writeOpensslDatabase(directory: string): void {
  const at = new Date().toISOString();
  const weekAgo = new Date(Date.now() - 7 * 86_400_000).toISOString();
  const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
  writeBolt(join(directory, 'trivy.db'), [
    ['EPSS', [['CVE-2099-1', json({ Score: 0.4, Percentile: 0.97 })]]],
    ['KEV', [['CVE-2099-1', json({ DateAdded: '2099-01-01' })]]],
    [
      'alpine 3.23',
      [
        ['busybox', [['CVE-2099-2', json({})]]],
        ['openssl', [['CVE-2099-1', json({ FixedVersion: '1.1.1w' })]]],
      ],
    ],
    [
      'vulnerability',
      [
        ['CVE-2099-1', json({ Title: 'openssl', VendorSeverity: { nvd: 4 } })],
        ['CVE-2099-2', json({ Title: 'busybox', VendorSeverity: { nvd: 3 }, PublishedDate: weekAgo })],
      ],
    ],
  ]);
  const times = { NextUpdate: at, UpdatedAt: at, DownloadedAt: at };
  writeFileSync(join(directory, 'metadata.json'), JSON.stringify({ Version: 2, ...times }));
}
