/**
 * A local cache of all objects of a type, kept current by list and watch. Only what `project` returns is kept, so memory
 * grows with what is needed and not with what the cluster stores.
 */
import type { World } from '#platform';
import type { KubernetesClient, ListOptions } from './client.js';
import type { KubernetesObject, ResourceType } from './object.js';
import { reflect } from './reflect.js';

export interface InformerOptions<T extends KubernetesObject, P> extends Omit<ListOptions, 'signal' | 'timeout'> {
  readonly client: KubernetesClient;
  readonly type: ResourceType<T>;
  /** What is kept of an object; `undefined`: it is not kept, as if it did not exist. */
  project(object: T): P | undefined;
  onAdd?(value: P, key: string): void;
  /** Also at each resync, with the value itself as `previous`. */
  onUpdate?(value: P, previous: P, key: string): void;
  onDelete?(previous: P, key: string): void;
  /** Each failure and when the next attempt is; by default a line in the log. */
  onFailure?(error: Error, wait: number): void;
  /** Milliseconds between two calls of `onUpdate` for everything; never by default. */
  readonly resync?: number;
  readonly watchDuration?: number;
}

export interface Informer<P> {
  /** Follows the cluster until the signal is aborted. Errors of callbacks reject it. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves after the first complete list. */
  readonly synced: Promise<void>;
  readonly isSynced: boolean;
  /** When the server was last heard of, milliseconds since 1970; for health. */
  readonly lastHeard: number | undefined;
  readonly size: number;
  /** By `namespace/name`, or `name` where there are no namespaces. */
  get(key: string): P | undefined;
  values(): Iterable<P>;
  entries(): Iterable<readonly [string, P]>;
}

interface Kept<P> {
  readonly value: P;
  readonly version: string;
  readonly uid: string;
}

export function createInformer<T extends KubernetesObject, P>(
  options: InformerOptions<T, P>,
  world: World,
): Informer<P> {
  const { client, type, project, onAdd, onUpdate, onDelete, onFailure, resync, ...list } = options;
  const cache = new Map<string, Kept<P>>();
  /** Keys that the list under way has not named yet. */
  let unseen: Set<string> | undefined;
  let heard: number | undefined;
  let isSynced = false;
  let resolveSynced: () => void;
  const synced = new Promise<void>((resolve) => {
    resolveSynced = resolve;
  });

  function remove(key: string): void {
    const previous = cache.get(key);
    if (previous && cache.delete(key)) onDelete?.(previous.value, key);
  }

  function set(object: T): void {
    const key = keyOf(object);
    unseen?.delete(key);
    const { resourceVersion: version = '', uid = '' } = object.metadata;
    const previous = cache.get(key);
    if (previous?.version === version && previous.uid === uid && version !== '') return;
    const value = project(object);
    if (value === undefined) return remove(key);
    // Deleted and made anew while nobody looked.
    const replaced = previous !== undefined && previous.uid !== uid;
    if (replaced) remove(key);
    cache.set(key, { value, version, uid });
    if (previous && !replaced) onUpdate?.(value, previous.value, key);
    else onAdd?.(value, key);
  }

  const target = {
    listing: () => void (unseen = new Set(cache.keys())),
    listed() {
      for (const key of unseen ?? []) remove(key);
      unseen = undefined;
      isSynced = true;
      resolveSynced();
    },
    set,
    remove: (object: T) => remove(keyOf(object)),
    failed(error: Error, wait: number) {
      if (onFailure) onFailure(error, wait);
      else world.log.warn('Following the cluster was interrupted', { what: type.plural, reason: error.message, wait });
    },
    heard: () => void (heard = world.clock.now().getTime()),
  };

  return {
    async run(signal) {
      const stop = repeat(resync, () => {
        for (const [key, { value }] of cache) onUpdate?.(value, value, key);
      });
      try {
        await reflect({ client, type, ...list }, target, world, signal);
      } finally {
        stop();
      }
    },
    synced,
    get isSynced() {
      return isSynced;
    },
    get lastHeard() {
      return heard;
    },
    get size() {
      return cache.size;
    },
    get: (key) => cache.get(key)?.value,
    *values() {
      for (const { value } of cache.values()) yield value;
    },
    *entries() {
      for (const [key, { value }] of cache) yield [key, value] as const;
    },
  };
}

/** `namespace/name`, or `name`. */
export function keyOf({ metadata: { namespace, name = '' } }: Pick<KubernetesObject, 'metadata'>): string {
  return namespace ? `${namespace}/${name}` : name;
}

function repeat(ms: number | undefined, work: () => void): () => void {
  if (!ms) return () => {};
  const timer = setInterval(work, ms);
  return () => clearInterval(timer);
}
