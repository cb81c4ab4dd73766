/**
 * Kubeconfig files: which cluster a context names, and who the user is there.
 * Reads   `--kubeconfig`, or the files of KUBECONFIG (the first to define a name wins), or ~/.kube/config. Paths in a
 *         file are relative to it.
 * Limits  16 MiB a file.
 * Errors  `kubernetes/kubeconfig` with file and field; no message holds a secret.
 * Source  https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
import { dirname, isAbsolute, join } from 'node:path';
import { FormatError, PratiqueError } from '#base';
import { parseYaml } from '#formats';
import { readIfPresent, type World } from '#platform';
import type { ClusterConnection } from './connection.js';
import { clusterOf } from './kubeconfig-cluster.js';
import { type ConfigNode, configNode } from './kubeconfig-node.js';
import { impersonationOf, userOf } from './kubeconfig-user.js';

export interface KubeconfigOptions {
  readonly path?: string | undefined;
  /** By default the current one. */
  readonly context?: string | undefined;
}

const MAX_FILE = 16 * 1024 * 1024;

/** `undefined` when no file is named and none is at the usual place. */
export async function kubeconfigConnection(
  options: KubeconfigOptions,
  world: World,
): Promise<ClusterConnection | undefined> {
  const paths = placesOf(options.path, world);
  const named = options.path !== undefined || Boolean(world.env['KUBECONFIG']);
  const files = (await Promise.all(paths.map((path) => readConfig(path)))).filter((file) => file !== undefined);
  if (files.length === 0) {
    if (!named) return undefined;
    throw new PratiqueError('file/not-found', { path: paths.join(', ') });
  }
  const list = paths.join(', ');
  const contextName = options.context ?? files.map((file) => file.text('current-context')).find(Boolean);
  if (!contextName) throw problem(list, 'no context is current', 'name a context');
  const context = findNamed(files, 'contexts', 'context', contextName);
  if (!context) throw problem(list, `no context ${contextName}`, `there are: ${namesOf(files, 'contexts')}`);
  const clusterName = context.text('cluster') ?? '';
  const cluster = findNamed(files, 'clusters', 'cluster', clusterName);
  if (!cluster) throw problem(list, `context ${contextName} names cluster ${clusterName}, which is not there`);
  const userName = context.text('user') ?? '';
  const user = findNamed(files, 'users', 'user', userName);
  if (!user && userName) throw problem(list, `context ${contextName} names user ${userName}, which is not there`);
  const at = await clusterOf(cluster);
  const impersonate = user && impersonationOf(user);
  return {
    ...at,
    context: contextName,
    cluster: clusterName,
    namespace: context.text('namespace') || 'default',
    user: user ? await userOf(user, at, cluster) : { kind: 'anonymous' },
    ...(impersonate && { impersonate }),
  };
}

const problem = (path: string, text: string, advice = 'correct the kubeconfig'): PratiqueError =>
  new PratiqueError('kubernetes/kubeconfig', { path, problem: text, advice });

function placesOf(path: string | undefined, world: World): string[] {
  const absolute = (one: string): string => (isAbsolute(one) ? one : join(world.cwd, one));
  if (path !== undefined) return [absolute(path)];
  const list = world.env['KUBECONFIG'];
  if (list) {
    const parts = list.split(world.platform === 'win32' ? ';' : ':').filter(Boolean);
    return [...new Set(parts.map(absolute))];
  }
  const home = world.env['HOME'] || world.env['USERPROFILE'];
  return home ? [join(home, '.kube/config')] : [];
}

async function readConfig(path: string): Promise<ConfigNode | undefined> {
  const bytes = await readIfPresent(path, MAX_FILE);
  if (!bytes) return undefined;
  try {
    return configNode(await parseYaml(new TextDecoder().decode(bytes)), path, dirname(path));
  } catch (error) {
    if (error instanceof FormatError) throw new PratiqueError(...unreadable(path, error.message), error);
    throw error;
  }
}

const unreadable = (path: string, reason: string) =>
  ['kubernetes/kubeconfig', { path, problem: reason, advice: 'correct the kubeconfig' }] as const;

function findNamed(files: readonly ConfigNode[], list: string, inner: string, name: string): ConfigNode | undefined {
  for (const file of files) {
    const entry = file.list(list).find((one) => one.text('name') === name);
    if (entry) return entry.child(inner);
  }
  return undefined;
}

function namesOf(files: readonly ConfigNode[], list: string): string {
  const names = files.flatMap((file) => file.list(list).map((entry) => entry.text('name') ?? ''));
  return [...new Set(names)].filter(Boolean).slice(0, 20).join(', ') || 'none';
}
