/**
 * The parts of pods, workloads and what belongs to them that this program reads.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
 */
import type { KubernetesObject, ObjectMeta } from './object.js';

export interface Pod extends KubernetesObject {
  readonly spec: PodSpec;
  readonly status?: PodStatus;
}

export interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly ephemeralContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly serviceAccountName?: string;
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
}

export interface Volume {
  readonly name: string;
  readonly image?: { readonly reference?: string; readonly pullPolicy?: string };
}

export interface PodStatus {
  /** `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`. */
  readonly phase?: string;
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
}

export interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  /** What the container runtime calls the image: `name@sha256:…`, or an id of its own. */
  readonly imageID?: string;
}

export interface PodTemplate {
  readonly metadata?: ObjectMeta;
  readonly spec?: PodSpec;
}

/** Deployments, ReplicaSets, StatefulSets, DaemonSets, ReplicationControllers and Jobs. */
export interface TemplatedWorkload extends KubernetesObject {
  readonly spec?: { readonly template?: PodTemplate; readonly replicas?: number };
  readonly status?: { readonly replicas?: number };
}

export interface CronJob extends KubernetesObject {
  readonly spec?: { readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } } };
}

export interface Node extends KubernetesObject {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly nodeInfo?: {
      /** As Go names it: `amd64`. */
      readonly architecture?: string;
      readonly operatingSystem?: string;
      readonly osImage?: string;
      readonly kubeletVersion?: string;
      readonly containerRuntimeVersion?: string;
    };
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export interface Secret extends KubernetesObject {
  readonly type?: string;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
}

export interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

export interface ServiceAccount extends KubernetesObject {
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly secrets?: readonly { readonly name?: string }[];
}

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/ */
export interface Lease extends KubernetesObject {
  readonly spec?: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number;
    /** RFC 3339 with microseconds. */
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}
