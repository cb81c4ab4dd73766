/**
 * A small Kubernetes API server on 127.0.0.1 that keeps objects of every type in memory: lists in pages, watches with
 * bookmarks, conflicts, expired versions, and whatever a test wants to go wrong. No validation, no defaults, no access
 * control. Every kind of patch is merged as RFC 7396 says; apply creates.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ClusterConnection } from '../client/connection.js';
import { type ApiPath, matchesSelector, mergePatch, parseApiPath } from './fake-api-request.js';
import { apiVersionOf, type KubernetesObject, type ResourceType } from '../client/object.js';

export interface FakeApiRequest extends ApiPath {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface FakeApiAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or text as it is. */
  readonly body?: unknown;
  /** The connection is broken off in place of an answer. */
  readonly broken?: boolean;
}

export interface FakeApiServerOptions {
  /** Asked first; what it returns is the answer. */
  readonly intercept?: (request: FakeApiRequest) => FakeApiAnswer | undefined | Promise<FakeApiAnswer | undefined>;
}

export interface FakeApiServer {
  readonly connection: ClusterConnection;
  readonly requests: FakeApiRequest[];
  /** Puts an object there, as if somebody had. */
  put<T extends KubernetesObject>(type: ResourceType<T>, object: T): T;
  remove(type: ResourceType, name: string, namespace?: string): void;
  find<T extends KubernetesObject>(type: ResourceType<T>, name: string, namespace?: string): T | undefined;
  /** Watches from before now, and lists under way, are refused as expired. */
  expire(): void;
  /** Ends all watches; `broken` cuts their connections. */
  endWatches(broken?: boolean): void;
  /** Sends a bookmark to all watches. */
  bookmark(): void;
  readonly watches: number;
  close(): Promise<void>;
}

interface Stored {
  readonly collection: string;
  readonly object: KubernetesObject;
}

interface Change extends Stored {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
}

interface Watch {
  readonly path: ApiPath;
  readonly response: ServerResponse;
  readonly metadataOnly: boolean;
}

export async function fakeApiServer(options: FakeApiServerOptions = {}): Promise<FakeApiServer> {
  const state = createState();
  const requests: FakeApiRequest[] = [];
  const server = createServer((message, response) => {
    void read(message)
      .then(async (request) => {
        requests.push(request);
        const special = await options.intercept?.(request);
        if (special?.broken) return void response.destroy();
        if (special) return send(response, special.status ?? 200, special.body ?? {}, special.headers);
        state.answer(request, response);
      })
      .catch((error: unknown) => send(response, 500, statusOf(500, 'InternalError', String(error))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    connection: {
      server: `http://127.0.0.1:${port}`,
      context: 'fake',
      cluster: 'fake',
      namespace: 'default',
      user: { kind: 'anonymous' },
    },
    requests,
    put: (type, object) => {
      const { namespace, name = '' } = object.metadata;
      const path = pathOf(type, namespace, name);
      const typed = { apiVersion: apiVersionOf(type), kind: type.kind, ...object };
      return state.store(path, typed) as typeof object;
    },
    remove: (type, name, namespace) => state.remove(pathOf(type, namespace, name)),
    find: <T extends KubernetesObject>(type: ResourceType<T>, name: string, namespace?: string) =>
      state.find(pathOf(type, namespace, name)) as T | undefined,
    expire: state.expire,
    endWatches: state.endWatches,
    bookmark: state.bookmark,
    get watches() {
      return state.watches.size;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const pathOf = (type: ResourceType, namespace: string | undefined, name: string): ApiPath => ({
  collection: `${apiVersionOf(type)}/${type.plural}`,
  ...(type.namespaced && namespace ? { namespace } : {}),
  name,
  query: new URLSearchParams(),
});

const keyOf = ({ collection, namespace, name }: ApiPath): string => `${collection} ${namespace ?? ''} ${name ?? ''}`;

function createState() {
  const objects = new Map<string, Stored>();
  const history: Change[] = [];
  const watches = new Set<Watch>();
  let version = 1;
  /** Versions before this are forgotten. */
  let oldest = 0;

  function change(type: Change['type'], collection: string, object: KubernetesObject): void {
    const one = { type, collection, object, version };
    history.push(one);
    for (const watch of watches) tell(watch, one);
  }

  function tell({ path, response, metadataOnly }: Watch, { type, collection, object }: Change): void {
    if (collection !== path.collection || !isWanted(object, path)) return;
    response.write(`${JSON.stringify({ type, object: metadataOnly ? onlyMetadata(object) : object })}\n`);
  }

  function store(path: ApiPath, object: KubernetesObject): KubernetesObject {
    const previous = objects.get(keyOf(path))?.object;
    const { uid, creationTimestamp } = previous?.metadata ?? object.metadata;
    const metadata = {
      ...object.metadata,
      ...(path.namespace && { namespace: path.namespace }),
      name: path.name ?? '',
      uid: uid ?? `uid-${version}`,
      creationTimestamp: creationTimestamp ?? '2026-01-02T03:04:05Z',
      resourceVersion: String(++version),
    };
    const stored = { ...object, metadata };
    objects.set(keyOf(path), { collection: path.collection, object: stored });
    change(previous ? 'MODIFIED' : 'ADDED', path.collection, stored);
    return stored;
  }

  function remove(path: ApiPath): void {
    const found = objects.get(keyOf(path));
    if (!found || !objects.delete(keyOf(path))) return;
    const metadata = { ...found.object.metadata, resourceVersion: String(++version) };
    change('DELETED', path.collection, { ...found.object, metadata });
  }

  function list(path: ApiPath, response: ServerResponse, metadataOnly: boolean): void {
    const all = [...objects.values()].filter(
      ({ collection, object }) => collection === path.collection && isWanted(object, path),
    );
    const [from = 0, at = version] = (path.query.get('continue') ?? '').split('@').filter(Boolean).map(Number);
    if (at < oldest) return send(response, 410, statusOf(410, 'Expired', 'the continue token is too old'));
    const limit = Number(path.query.get('limit') ?? 0) || all.length;
    const items = all.slice(from, from + limit).map(({ object }) => (metadataOnly ? onlyMetadata(object) : object));
    const more = from + limit < all.length ? { continue: `${from + limit}@${at}` } : {};
    send(response, 200, { kind: 'List', metadata: { resourceVersion: String(at), ...more }, items });
  }

  function watch(path: ApiPath, response: ServerResponse, metadataOnly: boolean): void {
    const since = Number(path.query.get('resourceVersion') ?? 0);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (since < oldest) {
      const object = statusOf(410, 'Expired', `too old resource version: ${since} (${oldest})`);
      return void response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
    }
    const one = { path, response, metadataOnly };
    for (const past of history) if (past.version > since) tell(one, past);
    watches.add(one);
    response.once('close', () => watches.delete(one));
  }

  function write(request: FakeApiRequest, response: ServerResponse): void {
    const { method, headers } = request;
    const body = (request.body ? JSON.parse(request.body) : {}) as KubernetesObject;
    const path = method === 'POST' && !request.name ? { ...request, name: body.metadata.name ?? '' } : request;
    const current = objects.get(keyOf(path))?.object;
    const applied = String(headers['content-type']).startsWith('application/apply-patch');
    if (method === 'POST' && current) return send(response, 409, statusOf(409, 'AlreadyExists', 'it exists'));
    if (method !== 'POST' && !current && !applied) return send(response, 404, statusOf(404, 'NotFound', 'not found'));
    if (method === 'DELETE') {
      remove(path);
      return send(response, 200, { kind: 'Status', status: 'Success' });
    }
    const expected = body.metadata?.resourceVersion;
    if (current && expected && expected !== current.metadata.resourceVersion)
      return send(response, 409, statusOf(409, 'Conflict', 'the object has been modified'));
    const next = method === 'PATCH' ? (mergePatch(current ?? {}, body) as KubernetesObject) : body;
    const whole =
      request.subresource === 'status' && current
        ? { ...current, status: (next as { status?: unknown }).status }
        : next;
    if (request.query.get('dryRun')) return send(response, 200, whole);
    send(response, current ? 200 : 201, store(path, whole));
  }

  return {
    watches,
    store,
    remove,
    find: (path: ApiPath) => objects.get(keyOf(path))?.object,
    expire() {
      oldest = ++version;
      history.length = 0;
    },
    endWatches(broken = false) {
      for (const { response } of watches) {
        if (broken) response.destroy();
        else response.end();
      }
      watches.clear();
    },
    bookmark() {
      const object = { metadata: { resourceVersion: String(version) } };
      for (const { response } of watches) response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
    },
    answer(request: FakeApiRequest, response: ServerResponse): void {
      const metadataOnly = String(request.headers['accept']).includes('as=PartialObjectMetadata');
      if (request.method !== 'GET') return write(request, response);
      if (request.name === undefined)
        return (request.query.get('watch') ? watch : list)(request, response, metadataOnly);
      const found = objects.get(keyOf(request))?.object;
      if (!found) return send(response, 404, statusOf(404, 'NotFound', `${request.name} not found`));
      send(response, 200, found);
    },
  };
}

const isWanted = ({ metadata }: KubernetesObject, { namespace, query }: ApiPath): boolean =>
  (namespace === undefined || metadata.namespace === namespace) &&
  matchesSelector(metadata.labels ?? {}, query.get('labelSelector') ?? '');

const onlyMetadata = ({ metadata }: KubernetesObject): KubernetesObject => ({
  apiVersion: 'meta.k8s.io/v1',
  kind: 'PartialObjectMetadata',
  metadata,
});

const statusOf = (code: number, reason: string, message: string): unknown => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  code,
  reason,
  message,
});

async function read(message: IncomingMessage): Promise<FakeApiRequest> {
  let body = '';
  for await (const chunk of message.setEncoding('utf8') as AsyncIterable<string>) body += chunk;
  return { ...parseApiPath(message.url ?? '/'), method: message.method ?? 'GET', headers: message.headers, body };
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
