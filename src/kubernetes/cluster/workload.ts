/**
 * An object that runs images, or makes pods that do, reduced to what finding and pulling the images takes. Small enough to
 * keep for every pod of a cluster.
 */
import type {
  Container,
  ContainerStatus,
  CronJob,
  PodSpec,
  PodStatus,
  TemplatedWorkload,
} from '../client/pod-types.js';
import type { KubernetesObject } from '../client/object.js';
import { runningImage } from './running-image.js';

export interface Workload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The controller that made it. */
  readonly owner?: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly images: readonly ContainerImage[];
  readonly pullSecrets: readonly string[];
  readonly serviceAccount: string;
  /** Pods: where it runs. */
  readonly node?: string;
  /** As far as the node selector says. */
  readonly os?: string;
  readonly architecture?: string;
  /** Pods that came to their end. */
  readonly ended?: boolean;
  /** Wants no pods. */
  readonly idle?: boolean;
}

export interface ContainerImage {
  readonly container: string;
  readonly role: 'container' | 'init' | 'ephemeral' | 'volume';
  /** As the specification has it. */
  readonly image: string;
  /** What runs, as the container runtime says. */
  readonly digest?: string;
  /** The repository that the runtime names, where it is another one. */
  readonly pulledFrom?: string;
}

/** `undefined` for objects that run nothing. */
export function workloadOf(kind: string, object: KubernetesObject): Workload | undefined {
  const found = podSpecOf(kind, object);
  if (!found) return undefined;
  const { spec, status, idle } = found;
  const { name = '', namespace = '', uid = '', ownerReferences = [] } = object.metadata;
  const owner = ownerReferences.find((one) => one.controller);
  const os = spec.nodeSelector?.['kubernetes.io/os'];
  const architecture = spec.nodeSelector?.['kubernetes.io/arch'];
  return {
    kind,
    namespace,
    name,
    uid,
    images: imagesOf(spec, status),
    pullSecrets: (spec.imagePullSecrets ?? []).flatMap((one) => (one.name ? [one.name] : [])),
    serviceAccount: spec.serviceAccountName || 'default',
    ...(owner && { owner: { kind: owner.kind, name: owner.name, uid: owner.uid } }),
    ...(kind === 'Pod' && spec.nodeName && { node: spec.nodeName }),
    ...(os && { os }),
    ...(architecture && { architecture }),
    ...(hasEnded(status) && { ended: true }),
    ...(idle && { idle }),
  };
}

interface Found {
  readonly spec: PodSpec;
  readonly status?: PodStatus;
  readonly idle?: boolean;
}

function podSpecOf(kind: string, object: KubernetesObject): Found | undefined {
  if (kind === 'Pod') {
    const { spec, status } = object as { readonly spec?: PodSpec; readonly status?: PodStatus };
    return { spec: spec ?? {}, ...(status && { status }) };
  }
  if (kind === 'CronJob') {
    const spec = (object as CronJob).spec?.jobTemplate?.spec?.template?.spec;
    return spec && { spec };
  }
  const { spec } = object as TemplatedWorkload;
  return spec?.template?.spec && { spec: spec.template.spec, idle: spec.replicas === 0 };
}

const hasEnded = (status: PodStatus | undefined): boolean =>
  status?.phase === 'Succeeded' || status?.phase === 'Failed';

function imagesOf(spec: PodSpec, status: PodStatus = {}): ContainerImage[] {
  return [
    ...containerImages('init', spec.initContainers, status.initContainerStatuses),
    ...containerImages('container', spec.containers, status.containerStatuses),
    ...containerImages('ephemeral', spec.ephemeralContainers, status.ephemeralContainerStatuses),
    ...(spec.volumes ?? []).flatMap(({ name, image }) =>
      image?.reference ? [{ container: name, role: 'volume' as const, image: image.reference }] : [],
    ),
  ];
}

function containerImages(
  role: ContainerImage['role'],
  containers: readonly Container[] = [],
  statuses: readonly ContainerStatus[] = [],
): ContainerImage[] {
  const byName = new Map(statuses.map((status) => [status.name, status]));
  return containers.flatMap(({ name, image }) => {
    if (!image) return [];
    const status = byName.get(name);
    return [{ container: name, role, image, ...runningImage(image, status?.imageID) }];
  });
}
