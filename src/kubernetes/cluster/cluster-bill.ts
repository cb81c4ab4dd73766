/**
 * A cluster as a bill of materials: its version, control plane, nodes with their system, kubelet and container runtime, and
 * the images that run. Nothing is pulled.
 * Sources https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/#NodeStatus and
 *         https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md
 */
import { encodePurl, textOf } from '#formats';
import type { BillNode } from '#report';
import type { World } from '#platform';
import type { KubernetesClient } from '../client/client.js';
import type { Node, Pod } from '../client/pod-types.js';
import { resources } from '../client/resources.js';
import { type ClusterScanOptions, planCluster } from './plan-cluster.js';
import type { ListFailure } from './collect-workloads.js';
import type { ImageTask } from './plan-images.js';
import { referenceOf } from './running-image.js';

export interface ClusterBill {
  /** The cluster first. */
  readonly nodes: readonly BillNode[];
  readonly failures: readonly ListFailure[];
}

export async function clusterBill(
  client: KubernetesClient,
  options: Pick<ClusterScanOptions, 'namespaces' | 'includeKinds' | 'excludeKinds' | 'excludeOwned'>,
  world: World,
): Promise<ClusterBill> {
  const { plan, collected } = await planCluster(client, options, world);
  const nodes = await describeCluster(
    client,
    { tasks: plan.tasks, mayListNodes: collected.nodes !== undefined },
    world,
  );
  return { nodes, failures: collected.failures };
}

/** The cluster, its nodes and control plane, and the images given. */
export async function describeCluster(
  client: KubernetesClient,
  { tasks, mayListNodes }: { readonly tasks: Iterable<ImageTask>; readonly mayListNodes: boolean },
  world: World,
): Promise<readonly BillNode[]> {
  const version = textOf(await client.request('/version', { signal: world.signal }), 'gitVersion') ?? '';
  const root = component('artifact', 'platform', 'k8s.io/kubernetes', version, [
    ['resource:Name', client.cluster.name],
    ['resource:Type', 'cluster'],
  ]);
  const all = [root];
  const add = (parent: BillNode, child: BillNode): BillNode => {
    parent.contains.push(child);
    all.push(child);
    return child;
  };
  for (const task of tasks) add(root, imageNode(task));
  if (mayListNodes) {
    for await (const node of client.list(resources.nodes, { signal: world.signal })) addNode(node, root, add);
  }
  for await (const pod of controlPlanePods(client, world)) add(root, controlPlaneNode(pod));
  return all;
}

async function* controlPlanePods(client: KubernetesClient, world: World): AsyncGenerator<Pod> {
  try {
    for await (const pod of client.list(resources.pods, { namespace: 'kube-system', signal: world.signal }))
      if (componentName(pod) !== undefined) yield pod;
  } catch (error) {
    world.signal.throwIfAborted();
    world.log.warn('The control plane cannot be listed', { reason: (error as Error).message });
  }
}

function componentName({ metadata: { labels = {} } }: Pod): string | undefined {
  return labels['component'] ?? labels['k8s-app'];
}

function controlPlaneNode(pod: Pod): BillNode {
  const label = componentName(pod) ?? '';
  const name = label.startsWith('kube-') ? `k8s.io/${label.slice('kube-'.length)}` : label;
  const tag = referenceOf(pod.spec.containers?.[0]?.image ?? '')?.tag;
  return component('application', 'application', name, tag ?? '', [
    ['resource:Name', pod.metadata.name],
    ['resource:Type', 'controlPlane'],
  ]);
}

function addNode(node: Node, root: BillNode, add: (parent: BillNode, child: BillNode) => BillNode): void {
  const { name = '' } = node.metadata;
  const {
    architecture,
    operatingSystem,
    osImage = '',
    kubeletVersion = '',
    containerRuntimeVersion = '',
  } = node.status?.nodeInfo ?? {};
  const place = add(
    root,
    component('artifact', 'platform', name, '', [
      ['resource:Name', name],
      ['resource:Type', 'node'],
      ['resource:Architecture', architecture],
      ['resource:OperatingSystem', operatingSystem],
    ]),
  );
  const system = /^(\S+)\s*(?:.*?(\d[\w.]*))?/.exec(osImage.slice(0, 256));
  if (system)
    add(
      place,
      component('system', 'operating-system', system[1]!.toLowerCase(), system[2] ?? '', [['Class', 'os-pkgs']]),
    );
  const core = add(
    place,
    component('application', 'application', 'node-core-components', '', [['Class', 'lang-pkgs']]),
  );
  if (kubeletVersion)
    add(core, component('package', 'application', 'k8s.io/kubelet', kubeletVersion, [['PkgType', 'kubernetes']]));
  const [runtime = '', version = ''] = containerRuntimeVersion.split('://');
  if (version)
    add(core, component('package', 'application', modules[runtime] ?? runtime, version, [['PkgType', 'golang']]));
}

/** The Go modules of container runtimes, which advisories name. */
const modules: Readonly<Record<string, string>> = {
  containerd: 'github.com/containerd/containerd',
  'cri-o': 'github.com/cri-o/cri-o',
  docker: 'github.com/Mirantis/cri-dockerd',
};

function imageNode({ references, workloads }: ImageTask): BillNode {
  const [first = ''] = references;
  const reference = referenceOf(first);
  if (!reference) return component('artifact', 'container', first, '', []);
  const { registry, repository, digest, tag } = reference;
  const place = `${registry}/${repository}`;
  const written = workloads[0]?.images.find(({ image }) => referenceOf(image)?.repository === repository)?.image;
  const node = component('artifact', 'container', place, digest ?? tag ?? '', [
    ['PkgID', written ?? first],
    ['PkgType', 'oci'],
  ]);
  if (!digest) return node;
  const qualifiers = new Map([['repository_url', place.toLowerCase()]]);
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  return { ...node, digest, purl: encodePurl({ type: 'oci', name, version: digest, qualifiers }) };
}

function component(
  kind: BillNode['kind'],
  type: BillNode['type'],
  name: string,
  text: string,
  properties: readonly (readonly [string, string | undefined])[],
): BillNode {
  const version = text.replace(/^v(?=\d)/, '');
  const purl = version === '' ? undefined : purlOf(name, version);
  return {
    kind,
    type,
    name,
    ...(version && { version }),
    ...(purl && { purl }),
    licenses: [],
    properties: properties.flatMap(([key, value]) => (value ? [{ name: key, value }] : [])),
    contains: [],
    dependsOn: [],
    vulnerabilities: [],
  };
}

function purlOf(name: string, version: string): string | undefined {
  if (name.startsWith('k8s.io/')) return encodePurl({ type: 'k8s', name, version });
  if (!name.startsWith('github.com/')) return undefined;
  const slash = name.lastIndexOf('/');
  return encodePurl({ type: 'golang', namespace: name.slice(0, slash), name: name.slice(slash + 1), version });
}
