/** The `user` entry of a kubeconfig. https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo */
import { isAbsolute, join, dirname } from 'node:path';
import type { ClusterConnection, ClusterUser, ExecPlugin, Impersonation } from './connection.js';
import type { ConfigNode } from './kubeconfig-node.js';

type Place = Pick<ClusterConnection, 'server' | 'ca' | 'insecure' | 'serverName' | 'proxyUrl'>;

/** A certificate goes before tokens, and a token file before a token, as in kubectl. */
export async function userOf(user: ConfigNode, place: Place, cluster: ConfigNode): Promise<ClusterUser> {
  refuseRemoved(user);
  if (user.has('exec')) return { kind: 'exec', plugin: pluginOf(user.child('exec'), place, cluster) };
  const cert = await user.pem('client-certificate');
  const key = await user.pem('client-key');
  if ((cert === undefined) !== (key === undefined)) {
    throw user.problem('a user has only one of client certificate and client key');
  }
  if (cert !== undefined && key !== undefined) return { kind: 'certificate', cert, key };
  const tokenFile = user.file('tokenFile');
  if (tokenFile !== undefined) return { kind: 'token-file', path: tokenFile };
  const token = user.text('token');
  return token === undefined ? { kind: 'anonymous' } : { kind: 'token', token };
}

function refuseRemoved(user: ConfigNode): void {
  if (user.has('auth-provider')) {
    const name = user.child('auth-provider').text('name') ?? 'unnamed';
    throw user.problem(
      `the auth-provider ${name} was removed from Kubernetes in 1.26`,
      'let the provider write a kubeconfig with an exec plugin: gke-gcloud-auth-plugin, kubelogin, kubectl oidc-login',
    );
  }
  if (user.has('username') || user.has('password')) {
    throw user.problem(
      'user name and password were removed from Kubernetes in 1.19',
      'use a token, a client certificate or an exec plugin',
    );
  }
}

function pluginOf(exec: ConfigNode, place: Place, cluster: ConfigNode): ExecPlugin {
  const command = exec.text('command');
  if (!command) throw exec.problem('an exec plugin names no command');
  const apiVersion = exec.text('apiVersion') ?? '';
  if (!/^client\.authentication\.k8s\.io\/v1(?:beta1)?$/.test(apiVersion)) {
    throw exec.problem(`the exec plugin speaks ${apiVersion || 'no version'}, which is not supported`);
  }
  if (exec.text('interactiveMode') === 'Always') {
    throw exec.problem('the exec plugin needs a terminal, which it does not get here');
  }
  const env = exec.list('env').map((one) => [one.text('name') ?? '', one.text('value') ?? ''] as const);
  const installHint = exec.text('installHint');
  return {
    // A path is relative to the file; a bare name is looked up in PATH.
    command: /[/\\]/.test(command) && !isAbsolute(command) ? join(dirname(exec.path), command) : command,
    args: exec.texts('args'),
    env: Object.fromEntries(env.filter(([name]) => name !== '')),
    apiVersion,
    ...(installHint && { installHint }),
    ...(exec.flag('provideClusterInfo') && { cluster: clusterInfo(place, cluster) }),
  };
}

/** The `spec.cluster` of an ExecCredential. https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
function clusterInfo(place: Place, cluster: ConfigNode): Readonly<Record<string, unknown>> {
  const config = cluster.list('extensions').find((one) => one.text('name') === 'client.authentication.k8s.io/exec');
  return {
    server: place.server,
    ...(place.serverName && { 'tls-server-name': place.serverName }),
    ...(place.insecure && { 'insecure-skip-tls-verify': true }),
    ...(place.ca && { 'certificate-authority-data': Buffer.from(place.ca).toString('base64') }),
    ...(place.proxyUrl && { 'proxy-url': place.proxyUrl }),
    ...(config && { config: plain(config.child('extension')) }),
  };
}

const plain = (node: ConfigNode): Record<string, unknown> =>
  Object.fromEntries(node.keys().map((key) => [key, node.text(key) ?? plain(node.child(key))]));

export function impersonationOf(user: ConfigNode): Impersonation | undefined {
  const as = user.text('as');
  if (as === undefined) return undefined;
  const uid = user.text('as-uid');
  const extra = user.child('as-user-extra');
  const groups = user.texts('as-groups');
  // Each value would have to be a header of its own.
  if (groups.length > 1 || extra.keys().some((key) => extra.texts(key).length > 1)) {
    throw user.problem('more than one as-groups or as-user-extra value is not supported');
  }
  return {
    user: as,
    ...(uid && { uid }),
    groups,
    extra: new Map(extra.keys().map((key) => [key, extra.texts(key)[0] ?? ''])),
  };
}
