/**
 * The client: typed operations over a transport. What they mean is in `client.ts`.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
import { FormatError } from '#base';
import type { World } from '#platform';
import type { ApplyOptions, KubernetesClient, Patch, WatchOptions, WriteOptions } from './client.js';
import type { ClusterConnection } from './connection.js';
import { isNotFound } from './kubernetes-error.js';
import { listPages } from './list-pages.js';
import { apiVersionOf, type KubernetesObject, type ResourceType } from './object.js';
import type { RateLimit } from './rate-limit.js';
import { resourcePath } from './resource-path.js';
import { createTransport, type Transport } from './transport.js';
import { watch } from './watch.js';

export interface ClientOptions extends Partial<RateLimit> {
  readonly userAgent?: string;
  /** Owner of the fields that this program writes. */
  readonly fieldManager?: string;
}

export function createKubernetesClient(
  connection: ClusterConnection,
  options: ClientOptions,
  world: World,
): KubernetesClient {
  const { qps = 50, burst = 100, userAgent, fieldManager = 'pratique' } = options;
  const transport = createTransport(connection, { limit: { qps, burst }, ...(userAgent && { userAgent }) }, world);
  const write = createWriter(transport, fieldManager);
  const { server, context, cluster, namespace } = connection;
  const client: KubernetesClient = {
    cluster: { server, context, name: cluster, namespace },
    async get(type, name, { namespace, subresource, resourceVersion, signal, timeout } = {}) {
      const path = resourcePath(type, { namespace, name, subresource, query: { resourceVersion } });
      const what = words('get', type, name, namespace);
      return asObject(await transport.json({ method: 'GET', path, what, signal, timeout }), what);
    },
    async find(type, name, options) {
      return client.get(type, name, options).catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
    },
    async *list(type, options = {}) {
      for await (const page of client.listPages(type, options)) yield* page.items;
    },
    listPages: (type, options = {}) => listPages(transport, type, options),
    listMetadata: (type, options = {}) => client.list(type, { ...options, metadataOnly: true }),
    watch: (type, options: WatchOptions = {}) => watch(transport, type, options),
    create: (type, object, options = {}) => write({ method: 'POST', type, object, options }),
    update: (type, object, options = {}) => write({ method: 'PUT', type, object, options }),
    patch: (type, name, patch, options = {}) => write({ method: 'PATCH', type, name, patch, options }),
    apply: (type, object, options = {}) => write({ method: 'PATCH', type, object, apply: true, options }),
    async delete(type, name, { namespace, propagation, uid, resourceVersion, mustExist, signal, timeout } = {}) {
      const preconditions = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
      const body = {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        ...(propagation && { propagationPolicy: propagation }),
        ...(Object.keys(preconditions).length > 0 && { preconditions }),
      };
      const path = resourcePath(type, { namespace, name });
      const what = words('delete', type, name, namespace);
      try {
        await transport.json({ method: 'DELETE', path, what, body, signal, timeout });
      } catch (error) {
        if (mustExist || !isNotFound(error)) throw error;
      }
    },
    request: (path, { method = 'GET', body, signal, timeout } = {}) =>
      transport.json({ method, path, what: `${method} ${path}`, body, signal, timeout }),
    close: transport.close,
  };
  return client;
}

interface Write<T extends KubernetesObject> {
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly type: ResourceType<T>;
  readonly name?: string;
  readonly object?: T;
  readonly patch?: Patch;
  readonly apply?: boolean;
  readonly options: WriteOptions & Pick<ApplyOptions, 'force'>;
}

const verbs = { POST: 'create', PUT: 'update', PATCH: 'patch' } as const;
const contentTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  // JSON is YAML.
  apply: 'application/apply-patch+yaml',
} as const;

function createWriter(transport: Transport, manager: string) {
  return async <T extends KubernetesObject>({
    method,
    type,
    object,
    patch,
    apply,
    options,
    ...rest
  }: Write<T>): Promise<T> => {
    const { subresource, dryRun, signal, timeout, fieldManager = manager } = options;
    const name = rest.name ?? object?.metadata.name;
    const namespace = options.namespace ?? object?.metadata.namespace;
    const path = resourcePath(type, {
      namespace,
      name: method === 'POST' && !subresource ? undefined : (name ?? ''),
      subresource,
      query: {
        fieldManager,
        dryRun: dryRun ? 'All' : undefined,
        force: apply ? (options.force ?? true) : undefined,
      },
    });
    const what = words(apply ? 'apply' : verbs[method], type, name ?? '', namespace);
    const body = object ? { apiVersion: apiVersionOf(type), kind: type.kind, ...object } : patch?.body;
    const contentType = apply ? contentTypes.apply : patch ? contentTypes[patch.type] : 'application/json';
    return asObject(await transport.json({ method, path, what, body, contentType, signal, timeout }), what);
  };
}

function asObject<T extends KubernetesObject>(answer: unknown, what: string): T {
  const metadata = (answer as { metadata?: unknown } | null)?.metadata;
  if (typeof metadata === 'object' && metadata !== null) return answer as T;
  // Reviews are answered without metadata of their own.
  if (typeof answer === 'object' && answer !== null) return { metadata: {}, ...answer } as T;
  throw new FormatError(`${what}: the answer is not an object`);
}

function words(verb: string, type: ResourceType, name: string, namespace: string | undefined): string {
  return `${verb} ${type.kind} ${namespace ? `${namespace}/` : ''}${name}`.trimEnd();
}
