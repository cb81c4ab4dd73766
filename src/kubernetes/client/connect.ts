/**
 * A client for the cluster the user means: the kubeconfig when one is named or found, else the cluster this program runs
 * in. With a context, always the kubeconfig.
 */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { KubernetesClient } from './client.js';
import type { ClusterConnection } from './connection.js';
import { type ClientOptions, createKubernetesClient } from './create-client.js';
import { inClusterConnection } from './in-cluster.js';
import { kubeconfigConnection } from './kubeconfig.js';

export interface ClusterChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

export async function findCluster(choice: ClusterChoice, world: World): Promise<ClusterConnection> {
  const { kubeconfig: path, context } = choice;
  const found = (await kubeconfigConnection({ path, context }, world)) ?? (await inClusterConnection(world));
  if (found) return found;
  throw new PratiqueError('kubernetes/no-cluster', { reason: 'there is no kubeconfig, and this is not a pod' });
}

export async function connectToCluster(
  choice: ClusterChoice,
  options: ClientOptions,
  world: World,
): Promise<KubernetesClient> {
  return createKubernetesClient(await findCluster(choice, world), options, world);
}
