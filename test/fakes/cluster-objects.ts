/** Objects for tests in a cluster whose kubelets kwok plays. https://kwok.sigs.k8s.io/docs/user/kwok-manage-nodes-and-pods/ */
import assert from 'node:assert/strict';
import { isAlreadyExists, type KubernetesClient, type Node, type PodSpec, resources } from '#kubernetes';

export interface PodLike {
  readonly spec: PodSpec;
}

/** One container, `main`; on nodes of the architecture, when it is given. */
export function podTemplate(image: string, architecture?: string): PodLike {
  const nodeSelector = architecture === undefined ? {} : { nodeSelector: { 'kubernetes.io/arch': architecture } };
  return { spec: { containers: [{ name: 'main', image }], ...nodeSelector } };
}

export async function makeNode(client: KubernetesClient, name: string, architecture: string): Promise<void> {
  const labels = { type: 'kwok', 'kubernetes.io/arch': architecture, 'kubernetes.io/os': 'linux' };
  const capacity = { cpu: '64', memory: '256Gi', pods: '1000' };
  const node = {
    metadata: { name, labels, annotations: { 'kwok.x-k8s.io/node': 'fake' } },
    status: {
      nodeInfo: { architecture, operatingSystem: 'linux', kubeletVersion: 'v1.34.2' },
      allocatable: capacity,
      capacity,
    },
  };
  await client.create(resources.nodes, node as Node);
}

/** Resolves when pods can be made in it. */
export async function makeNamespace(client: KubernetesClient, name: string): Promise<void> {
  await client.create(resources.namespaces, { metadata: { name } }).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
  await until(`the service account of ${name}`, () =>
    client.find(resources.serviceAccounts, 'default', { namespace: name }),
  );
}

/** Asks until there is an answer, for a minute. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.fail(`there is no sign of ${what}`);
}
