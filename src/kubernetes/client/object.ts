/**
 * What all objects of the Kubernetes API share, and what a type of object is to a client: where it lives in the API.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

export interface ObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly object[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ObjectList<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: readonly T[];
}

/** A type of object as the API serves it. `T` is only for the compiler. */
export interface ResourceType<T extends KubernetesObject = KubernetesObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Never set. */
  readonly of?: T;
}

/** `path` is `version/plural` of the core group, or `group/version/plural`. */
export function defineResource<T extends KubernetesObject = KubernetesObject>(
  path: string,
  kind: string,
  scope: 'namespaced' | 'cluster' = 'namespaced',
): ResourceType<T> {
  const parts = path.split('/');
  const [plural = '', version = '', group = ''] = parts.reverse();
  return { group, version, plural, kind, namespaced: scope === 'namespaced' };
}

export const apiVersionOf = ({ group, version }: Pick<ResourceType, 'group' | 'version'>): string =>
  group ? `${group}/${version}` : version;
