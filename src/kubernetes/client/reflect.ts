/**
 * Follows all objects of a type: lists them, then watches from there. What has to be done around a watch is done here:
 * it is begun again where it ended; a resource version that is too old leads to a new list; failures lead to a wait that
 * grows, with jitter.
 */
import { FormatError, PratiqueError } from '#base';
import { backoffDelay, type World } from '#platform';
import type { KubernetesClient, ListOptions } from './client.js';
import { isExpired, isForbidden, isNotFound } from './kubernetes-error.js';
import type { KubernetesObject, ResourceType } from './object.js';

export interface ReflectTarget<T> {
  /** A list begins: what is not named until `listed` is gone. Called again when the list has to begin again. */
  listing(): void;
  listed(): void;
  set(object: T): void;
  remove(object: T): void;
  /** After each failure; the next attempt is in `wait` milliseconds. */
  failed(error: Error, wait: number): void;
  /** The server was heard of: a list, an event or a bookmark. */
  heard(): void;
}

export interface ReflectOptions<T extends KubernetesObject> extends Omit<ListOptions, 'signal' | 'timeout'> {
  readonly client: KubernetesClient;
  readonly type: ResourceType<T>;
  /** Seconds that the server keeps a watch open. */
  readonly watchDuration?: number;
}

const waiting = { first: 800, factor: 2, longest: 30_000 };
/** A watch that ends sooner than this, milliseconds, counts as a failure: the loop must not spin. */
const TOO_SHORT = 1000;

/** Runs until `signal` is aborted; rejects only for bugs. */
export async function reflect<T extends KubernetesObject>(
  options: ReflectOptions<T>,
  target: ReflectTarget<T>,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  let version: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    const began = world.clock.now().getTime();
    try {
      version ??= await listAll(options, target, signal);
      for await (const event of follow(options, version, signal)) {
        version = event.object.metadata.resourceVersion ?? version;
        target.heard();
        if (event.type === 'DELETED') target.remove(event.object);
        else if (event.type !== 'BOOKMARK') target.set(event.object);
        failures = 0;
      }
      if (world.clock.now().getTime() - began >= TOO_SHORT) failures = 0;
      else await pause(new Error('the watch ended at once'));
    } catch (error) {
      if (signal.aborted) return;
      if (!mayPass(error)) throw error;
      if (isExpired(error)) version = undefined;
      await pause(error);
    }
  }

  async function pause(error: Error): Promise<void> {
    // The first time after something worked, it is most likely an ordinary end.
    const wait = isExpired(error) && failures === 0 ? 0 : backoffDelay(failures, waiting);
    failures++;
    target.failed(error, wait);
    await world.clock.sleep(wait, signal).catch(() => {});
  }
}

/** Resolves with the resource version to watch from. */
async function listAll<T extends KubernetesObject>(
  { client, type, watchDuration: _duration, ...list }: ReflectOptions<T>,
  target: ReflectTarget<T>,
  signal: AbortSignal,
): Promise<string> {
  target.listing();
  let version = '';
  for await (const page of client.listPages(type, { ...list, signal })) {
    if (page.restarted) target.listing();
    for (const object of page.items) target.set(object);
    version = page.metadata.resourceVersion ?? version;
    target.heard();
  }
  target.listed();
  return version;
}

function follow<T extends KubernetesObject>(options: ReflectOptions<T>, resourceVersion: string, signal: AbortSignal) {
  const { client, type, pageSize: _, watchDuration, ...rest } = options;
  const duration = watchDuration === undefined ? {} : { duration: watchDuration };
  return client.watch(type, { ...rest, ...duration, resourceVersion, signal });
}

/** Whatever the server or the network says may be otherwise later: rights are granted, types are defined. */
const mayPass = (error: unknown): error is Error =>
  error instanceof PratiqueError || error instanceof FormatError || isForbidden(error) || isNotFound(error);
