/** The contract of a client for one Kubernetes API server. `createKubernetesClient` makes it. */
import type { KubernetesObject, ObjectList, ObjectMeta, ResourceType } from './object.js';

export interface KubernetesClient {
  readonly cluster: ClusterIdentity;
  get<T extends KubernetesObject>(type: ResourceType<T>, name: string, options?: GetOptions): Promise<T>;
  /** `undefined` in place of "not found". */
  find<T extends KubernetesObject>(type: ResourceType<T>, name: string, options?: GetOptions): Promise<T | undefined>;
  /** Every object, fetched page by page. A list that expires on the way is begun again, so objects may come twice. */
  list<T extends KubernetesObject>(type: ResourceType<T>, options?: ListOptions): AsyncIterable<T>;
  /** The pages themselves; the resource version to watch from is the one of the last page. */
  listPages<T extends KubernetesObject>(type: ResourceType<T>, options?: ListOptions): AsyncIterable<ObjectPage<T>>;
  /** Metadata only: the server leaves the rest out. */
  listMetadata(type: ResourceType, options?: ListOptions): AsyncIterable<MetadataObject>;
  /**
   * One watch, until the server ends it (in minutes). Throws `KubernetesError` when the server reports an error; 410
   * means that the resource version is too old. `createInformer` does what has to be done around it.
   */
  watch<T extends KubernetesObject>(type: ResourceType<T>, options?: WatchOptions): AsyncIterable<WatchEvent<T>>;
  create<T extends KubernetesObject>(type: ResourceType<T>, object: T, options?: WriteOptions): Promise<T>;
  /** Replaces. With a `resourceVersion` in the object, only when it was not changed since. */
  update<T extends KubernetesObject>(type: ResourceType<T>, object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubernetesObject>(
    type: ResourceType<T>,
    name: string,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<T>;
  /** Server-side apply: the object holds the fields this program owns, and no others. */
  apply<T extends KubernetesObject>(type: ResourceType<T>, object: T, options?: ApplyOptions): Promise<T>;
  delete(type: ResourceType, name: string, options?: DeleteOptions): Promise<void>;
  /** Any other path of the API, as `/version`; JSON in and out. */
  request(path: string, options?: RawOptions): Promise<unknown>;
  close(): void;
}

export interface ClusterIdentity {
  /** URL of the API server. */
  readonly server: string;
  /** Of the kubeconfig; `in-cluster` inside a pod. */
  readonly context: string;
  /** Name of the cluster in the kubeconfig. */
  readonly name: string;
  /** Of the context, or the pod's own. */
  readonly namespace: string;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds; 60 s by default. */
  readonly timeout?: number;
}

export interface GetOptions extends RequestOptions {
  readonly namespace?: string;
  readonly subresource?: string;
  readonly resourceVersion?: string;
}

export interface ListOptions extends RequestOptions {
  /** All namespaces without it. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects of a page, 500 by default; pages whose answer is too large are asked for in smaller ones. */
  readonly pageSize?: number;
  readonly metadataOnly?: boolean;
}

export interface WatchOptions extends Omit<ListOptions, 'pageSize' | 'timeout'> {
  readonly resourceVersion?: string;
  /** Seconds after which the server ends the watch. */
  readonly duration?: number;
}

export interface WriteOptions extends RequestOptions {
  /** By default the one of the object. */
  readonly namespace?: string;
  /** `status`, `ephemeralcontainers`, … */
  readonly subresource?: string;
  readonly fieldManager?: string;
  /** The server checks and answers, and keeps nothing. */
  readonly dryRun?: boolean;
}

export interface ApplyOptions extends WriteOptions {
  /** Take fields over from other managers; on by default. */
  readonly force?: boolean;
}

export interface DeleteOptions extends RequestOptions {
  readonly namespace?: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  /** Only when the object is still this one. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** Gone already is an error too. */
  readonly mustExist?: boolean;
}

export interface RawOptions extends RequestOptions {
  readonly method?: string;
  readonly body?: unknown;
}

/** https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/ */
export type Patch =
  | { readonly type: 'merge' | 'strategic'; readonly body: unknown }
  | { readonly type: 'json'; readonly body: readonly JsonPatchStep[] };

export interface JsonPatchStep {
  readonly op: 'add' | 'remove' | 'replace' | 'test' | 'copy' | 'move';
  readonly path: string;
  readonly value?: unknown;
  readonly from?: string;
}

export interface ObjectPage<T> extends ObjectList<T> {
  /** The list was begun again: forget the pages before. */
  readonly restarted: boolean;
}

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  /** Nothing happened; only `metadata.resourceVersion` is there. */
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: ObjectMeta } };

export interface MetadataObject extends KubernetesObject {
  readonly metadata: ObjectMeta;
}
