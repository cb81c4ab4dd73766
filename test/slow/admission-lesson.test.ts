/**
 * The lesson on admission, typed as it is written: a Deployment with port 8443, TLS_CERT_FILE and TLS_PRIVATE_KEY_FILE, a
 * ValidatingWebhookConfiguration, a policy, kubectl. Its two replicas are the program as it is shipped, behind one address.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { dump, load } from 'js-yaml';
import { program } from '../e2e/kit/program.js';
import { pushImage } from '../e2e/kit/push.js';
import { until } from '../fakes/cluster-objects.js';
import { noControlPlane } from '../fakes/control-plane.js';
import { freePort } from '../fakes/free-port.js';
import {
  askWebhook,
  guardCluster,
  type GuardedCluster,
  opensslImage,
  startBalancer,
} from '../fakes/guarded-cluster.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';

const lesson = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: image-gate, namespace: pratique-system }
spec:
  replicas: 2
  selector: { matchLabels: { app: image-gate } }
  template:
    metadata: { labels: { app: image-gate } }
    spec:
      serviceAccountName: pratique-webhook
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: webhook
          image: pratique:0.1.0
          args: [webhook]
          ports: [{ containerPort: 8443 }]
          env:
            - { name: TLS_CERT_FILE, value: /tls/tls.crt }
            - { name: TLS_PRIVATE_KEY_FILE, value: /tls/tls.key }
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          volumeMounts: [{ name: tls, mountPath: /tls, readOnly: true }]
      volumes: [{ name: tls, secret: { secretName: image-gate-tls } }]
`;

interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly env: readonly { readonly name: string; readonly value: string }[];
          readonly ports: readonly { readonly containerPort: number }[];
        }[];
      };
    };
  };
}

suite('the lesson on admission', { skip: noControlPlane || noRegistry, timeout: 180_000 }, () => {
  let cluster: GuardedCluster;
  let registry: RealRegistry;
  let balancer: Awaited<ReturnType<typeof startBalancer>>;
  const replicas: { readonly child: ChildProcess; readonly port: number; readonly log: { text: string } }[] = [];

  before(async () => {
    [cluster, registry] = await Promise.all([guardCluster(), realRegistry()]);
    await pushImage(registry, 'shop/old', '1', opensslImage('1.1.1t', 'a'));
    await pushImage(registry, 'shop/new', '1', opensslImage('1.1.1w', 'b'));
  });
  after(async () => {
    for (const { child } of replicas) child.kill('SIGKILL');
    await balancer?.stop();
    await cluster?.stop();
    await registry?.stop();
  });

  const at = (name: string): string => join(cluster.plane.directory, name);
  const image = (name: string): string => `${registry.host}/shop/${name}:1`;
  async function done(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await cluster.kubectl(...args);
    assert.equal(status, 0, `kubectl ${args.join(' ')}\n${stderr}`);
    return stdout + stderr;
  }
  async function apply(document: string, ...args: string[]): Promise<void> {
    writeFileSync(at('document.yaml'), document);
    await done('apply', '-f', at('document.yaml'), ...args);
  }

  /** What a kubelet would do with the Deployment, but for the port, which both replicas cannot have here. */
  async function runReplica(): Promise<void> {
    const [container] = (load(lesson) as Deployment).spec.template.spec.containers;
    const port = await freePort();
    const mounted = (path: string): string => path.replace('/tls', cluster.plane.directory);
    const env = Object.fromEntries(container!.env.map(({ name, value }) => [name, mounted(value)]));
    const here = [
      ['--listen', `127.0.0.1:${port}`, '--kubeconfig', at('account.kubeconfig'), '--drain-time', '0s'],
      ['--cache-dir', at('cache'), '--skip-db-update', '--skip-java-db-update'],
    ].flat();
    const [command = '', ...first] = program;
    const child = spawn(command, [...first, ...container!.args, ...here], { env: { ...process.env, ...env } });
    const log = { text: '' };
    child.stderr.on('data', (chunk) => (log.text += String(chunk)));
    replicas.push({ child, port, log });
    await until('the replica is ready', async () => {
      assert.equal(child.exitCode, null, log.text);
      const answer = await askWebhook(port, '/readyz').catch(() => undefined);
      return answer?.status === 200 ? true : undefined;
    });
  }

  test('the Deployment is one that the server takes; its replicas become ready', async () => {
    await apply(lesson, '--dry-run=server');
    const { spec } = load(lesson) as Deployment;
    assert.deepEqual(spec.template.spec.containers[0]!.ports, [{ containerPort: 8443 }]);
    for (let i = 0; i < spec.replicas; i++) await runReplica();
    balancer = await startBalancer(...replicas.map(({ port }) => port));
    await cluster.pointTo(balancer.port);
  });

  test('a pod with a critical finding that can be fixed is refused, its CVE named; a clean one is admitted', async () => {
    await done('create', 'namespace', 'shop');
    await done('label', 'namespace', 'shop', 'pratique.dev/enforce=true');
    await apply(`
apiVersion: pratique.dev/v1alpha1
kind: ImagePolicy
metadata: { name: default, namespace: shop }
spec: { mode: enforce, unknownImage: wait, waitSeconds: 9 }
`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { status, stderr } = await cluster.kubectl('run', 'old', '-n', 'shop', `--image=${image('old')}`);
    assert.notEqual(status, 0);
    assert.match(stderr, /denied the request: .*CVE-2099-1 \(CRITICAL.*\) in openssl 1\.1\.1t, fixed in 1\.1\.1w/);
    await done('run', 'new', '-n', 'shop', `--image=${image('new')}`);
  });

  test('an exception lets it in until it expires, to the second', async () => {
    const expires = new Date(Math.ceil(Date.now() / 1000) * 1000 + 5000);
    await apply(
      dump({
        apiVersion: 'pratique.dev/v1alpha1',
        kind: 'VulnerabilityException',
        metadata: { name: 'openssl', namespace: 'shop' },
        spec: { ids: ['CVE-2099-1'], owner: 'team-shop', reason: 'not reachable', expires: expires.toISOString() },
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const told = await done('run', 'excepted', '-n', 'shop', `--image=${image('old')}`);
    assert.match(told, /CVE-2099-1 let through by exception until/);
    await new Promise((resolve) => setTimeout(resolve, expires.getTime() - Date.now() + 20));
    const { status, stderr } = await cluster.kubectl('run', 'late', '-n', 'shop', `--image=${image('old')}`);
    assert.notEqual(status, 0);
    assert.match(stderr, /CVE-2099-1/);
  });

  test('the replicas share what they know: one ends, the other answers, without another scan', async () => {
    const scans = async (port: number): Promise<number> =>
      Number(/^pratique_webhook_scans_total\S* (\d+)/m.exec((await askWebhook(port, '/metrics')).body)?.[1] ?? 0);
    const counts = await Promise.all(replicas.map(({ port }) => scans(port)));
    const [first, second] = counts[0]! >= counts[1]! ? [replicas[0]!, replicas[1]!] : [replicas[1]!, replicas[0]!];
    const before = await scans(second.port);
    const ended = new Promise<number | null>((resolve) => first.child.once('exit', resolve));
    first.child.kill('SIGTERM');
    assert.equal(await ended, 0, first.log.text);
    await cluster.pointTo(second.port);
    const { status, stderr } = await cluster.kubectl('run', 'again', '-n', 'shop', `--image=${image('old')}`);
    assert.notEqual(status, 0);
    assert.match(stderr, /CVE-2099-1/);
    await done('run', 'fine', '-n', 'shop', `--image=${image('new')}`);
    assert.equal(await scans(second.port), before);
  });
});
