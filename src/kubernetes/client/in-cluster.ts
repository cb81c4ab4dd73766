/**
 * The cluster that this program runs in, as a pod is told of it.
 * Reads   KUBERNETES_SERVICE_HOST and _PORT; `token`, `ca.crt` and `namespace` of the service account.
 * Source  https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 */
import { join } from 'node:path';
import { PratiqueError } from '#base';
import { readIfPresent, type World } from '#platform';
import type { ClusterConnection } from './connection.js';

export const serviceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';
const MAX_FILE = 1024 * 1024;

/** `undefined` outside of a cluster. */
export async function inClusterConnection(
  world: Pick<World, 'env'>,
  directory = serviceAccountDirectory,
): Promise<ClusterConnection | undefined> {
  const host = world.env['KUBERNETES_SERVICE_HOST'];
  const port = world.env['KUBERNETES_SERVICE_PORT'] || '443';
  if (!host) return undefined;
  const read = async (name: string): Promise<string | undefined> => {
    const bytes = await readIfPresent(join(directory, name), MAX_FILE);
    return bytes && new TextDecoder().decode(bytes).trim();
  };
  const [token, ca, namespace] = await Promise.all([read('token'), read('ca.crt'), read('namespace')]);
  if (!token) {
    throw new PratiqueError('kubernetes/no-cluster', {
      reason: `${join(directory, 'token')} is missing; automountServiceAccountToken may be off`,
    });
  }
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    context: 'in-cluster',
    cluster: 'in-cluster',
    namespace: namespace || 'default',
    ...(ca && { ca }),
    user: { kind: 'token-file', path: join(directory, 'token') },
  };
}
