/**
 * A real Kubernetes control plane on 127.0.0.1, for as long as a test takes: etcd and kube-apiserver; on wish
 * kube-controller-manager (makes ReplicaSets and Pods of Deployments), kube-scheduler and kwok (plays the kubelets).
 * Convention: the programs are in the folder KUBEBUILDER_ASSETS, https://book.kubebuilder.io/reference/envtest.html;
 * etcd may also be in PATH.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClusterUser, createKubernetesClient, type KubernetesClient } from '#kubernetes';
import { systemClock, tempDirectory } from '#platform';
import { fakeWorld } from '#platform/fakes';
import { type ControlPlaneProgram, startProgram } from './control-plane-program.js';
import { freePort } from './free-port.js';

export interface ControlPlaneOptions {
  /** ReplicaSets, Pods, Jobs, garbage collection. */
  readonly controllers?: boolean;
  /** Scheduler and kwok: pods are bound to nodes that carry the label `type: kwok` and become Running. */
  readonly kwok?: boolean;
  /** Further users by name; the token of each is its name. */
  readonly users?: readonly string[];
  /** Further flags of kube-apiserver. */
  readonly flags?: readonly string[];
}

export interface ControlPlane {
  /** `https://127.0.0.1:port` */
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  /** Path of a kubeconfig of the administrator; contexts are `admin` and the names of the users. */
  readonly kubeconfig: string;
  /** Temporary, for the test's own files too. */
  readonly directory: string;
  /** Certificate and key of the client `name` in the group `system:masters`. */
  clientCertificate(name: string): { cert: string; key: string };
  /** Of the administrator by default. */
  client(user?: ClusterUser): KubernetesClient;
  /** Ends kube-apiserver; `startApiServer` brings it back at the same address. */
  stopApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  /** Forgets all old resource versions; watches from them are refused once the API server was started anew. */
  compact(): Promise<void>;
  stop(): Promise<void>;
}

const assets = process.env['KUBEBUILDER_ASSETS'];

/** Why there is none here, for `test`'s `skip`; `false` when there is. */
export const noControlPlane: string | false = missing();

function missing(): string | false {
  if (!assets) return 'KUBEBUILDER_ASSETS is not set: no kube-apiserver to test with';
  if (!existsSync(join(assets, 'kube-apiserver'))) return `no kube-apiserver in ${assets}`;
  if (!existsSync(join(assets, 'etcd')) && spawnSync('etcd', ['--version']).status !== 0)
    return 'etcd is not installed';
  return false;
}

const program = (name: string): string => {
  const path = join(assets ?? '', name);
  return name === 'etcd' && !existsSync(path) ? 'etcd' : path;
};

export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { controllers = false, kwok = false, users = [], flags = [] } = options;
  const folder = await tempDirectory();
  const at = (name: string): string => join(folder.path, name);
  const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const etcd = `http://127.0.0.1:${etcdPort}`;
  const server = `https://127.0.0.1:${apiPort}`;
  makeKeys(folder.path);
  writeFileSync(
    at('tokens.csv'),
    ['admin-token,admin,1,"system:masters"', ...users.map((name, i) => `${name},${name},${i + 2}`)].join('\n'),
  );
  const running: ControlPlaneProgram[] = [];
  const start = async (name: string, args: readonly string[], ready?: () => Promise<boolean>) => {
    const one = await startProgram(program(name), args, { log: at(`${name}.log`), ready });
    running.push(one);
    return one;
  };
  const connection = (user: ClusterUser, ca: string) => ({
    server,
    ca,
    context: 'admin',
    cluster: 'test',
    namespace: 'default',
    user,
  });
  const clientFor = (user: ClusterUser): KubernetesClient =>
    createKubernetesClient(
      connection(user, readFileSync(at('apiserver.crt'), 'utf8')),
      { qps: 0 },
      fakeWorld({ clock: systemClock }),
    );
  const admin: ClusterUser = { kind: 'token', token: 'admin-token' };
  const apiFlags = [
    `--etcd-servers=${etcd}`,
    `--secure-port=${apiPort}`,
    '--bind-address=127.0.0.1',
    `--cert-dir=${folder.path}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${at('service-account.key')}`,
    `--service-account-signing-key-file=${at('service-account.key')}`,
    `--client-ca-file=${at('client-ca.crt')}`,
    `--token-auth-file=${at('tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    // etcd 3.4 cannot report the progress of watches, on which this feature rests.
    '--feature-gates=WatchList=false',
    ...(controllers ? [] : ['--disable-admission-plugins=ServiceAccount']),
    ...flags,
  ];
  let api: ControlPlaneProgram;
  const plane: ControlPlane = {
    server,
    get ca() {
      return readFileSync(at('apiserver.crt'), 'utf8');
    },
    kubeconfig: at('kubeconfig'),
    directory: folder.path,
    clientCertificate: (name) => clientCertificate(folder.path, name),
    client: (user = admin) => clientFor(user),
    async stopApiServer() {
      await api.stop();
    },
    async startApiServer() {
      api = await start('kube-apiserver', apiFlags, () => isReady(() => clientFor(admin)));
    },
    async compact() {
      const status = (await post(`${etcd}/v3/maintenance/status`, {})) as { header: { revision: string } };
      await post(`${etcd}/v3/kv/compaction`, { revision: status.header.revision, physical: true });
    },
    async stop() {
      for (const one of running.reverse()) await one.stop();
      await folder.remove();
    },
  };
  try {
    await start('etcd', etcdFlags(etcd, peerPort, at('etcd')), () => answers(`${etcd}/health`));
    await plane.startApiServer();
    writeKubeconfig(plane, users);
    if (controllers) await startControllers(start, at);
    if (kwok) await startNodes(start, at);
  } catch (error) {
    await plane.stop();
    throw error;
  }
  return plane;
}

type Start = (name: string, args: readonly string[]) => Promise<ControlPlaneProgram>;

async function startControllers(start: Start, at: (name: string) => string): Promise<void> {
  await start('kube-controller-manager', [
    `--kubeconfig=${at('kubeconfig')}`,
    `--service-account-private-key-file=${at('service-account.key')}`,
    '--leader-elect=false',
    `--cert-dir=${at('controller-manager')}`,
    '--secure-port=0',
  ]);
}

async function startNodes(start: Start, at: (name: string) => string): Promise<void> {
  await start('kube-scheduler', [`--kubeconfig=${at('kubeconfig')}`, '--leader-elect=false', '--secure-port=0']);
  await start('kwok', ['--kubeconfig', at('kubeconfig'), '--manage-all-nodes=true']);
}

const etcdFlags = (url: string, peerPort: number, directory: string): string[] => [
  `--data-dir=${directory}`,
  `--listen-client-urls=${url}`,
  `--advertise-client-urls=${url}`,
  `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
  '--unsafe-no-fsync',
];

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok === true;
}

async function isReady(connect: () => KubernetesClient): Promise<boolean> {
  try {
    const client = connect();
    const { paths } = (await client.request('/', { timeout: 2000 })) as { paths: string[] };
    const response = (await client.request('/version', { timeout: 2000 })) as { gitVersion: string };
    const ready = await client.request('/api/v1/namespaces/default', { timeout: 2000 }).then(
      () => true,
      () => false,
    );
    client.close();
    return paths.length > 0 && response.gitVersion !== '' && ready;
  } catch {
    return false;
  }
}

async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  assert.ok(response.ok, `${url}: ${response.status} ${await response.clone().text()}`);
  return response.json();
}

function makeKeys(directory: string): void {
  openssl(directory, 'genrsa', '-out', 'service-account.key', '2048');
  openssl(directory, 'ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', 'client-ca.key');
  const subject = ['-subj', '/CN=test-client-ca', '-days', '2'];
  openssl(directory, 'req', '-x509', '-new', '-key', 'client-ca.key', '-out', 'client-ca.crt', ...subject);
}

function clientCertificate(directory: string, name: string): { cert: string; key: string } {
  openssl(directory, 'ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', `${name}.key`);
  openssl(
    directory,
    'req',
    '-new',
    '-key',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    `/O=system:masters/CN=${name}`,
  );
  const ca = ['-CA', 'client-ca.crt', '-CAkey', 'client-ca.key', '-CAcreateserial', '-days', '2'];
  openssl(directory, 'x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...ca);
  const read = (file: string): string => readFileSync(join(directory, file), 'utf8');
  return { cert: read(`${name}.crt`), key: read(`${name}.key`) };
}

function openssl(directory: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd: directory, encoding: 'utf8' });
  assert.equal(status, 0, `openssl ${args[0]}: ${stderr}`);
}

function writeKubeconfig({ server, ca, kubeconfig }: ControlPlane, users: readonly string[]): void {
  const all = [['admin', 'admin-token'] as const, ...users.map((name) => [name, name] as const)];
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'admin',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    contexts: all.map(([name]) => ({ name, context: { cluster: 'test', user: name } })),
    users: all.map(([name, token]) => ({ name, user: { token } })),
  };
  writeFileSync(kubeconfig, JSON.stringify(document));
}
