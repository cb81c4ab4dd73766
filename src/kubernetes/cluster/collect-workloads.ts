/**
 * Lists everything that runs images, and the nodes it runs on. A kind or namespace that cannot be listed is a failure in
 * the result; only a server that cannot be reached, or does not know who asks, ends the collection.
 */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { KubernetesClient } from '../client/client.js';
import { isForbidden, isNotFound, isUnauthorized } from '../client/kubernetes-error.js';
import { resources } from '../client/resources.js';
import { workloadTypes } from './kinds.js';
import { type Workload, workloadOf } from './workload.js';

export interface Collected {
  readonly workloads: readonly Workload[];
  /** Platform (`os/arch`) by name of the node; `undefined` when nodes may not be listed. */
  readonly nodes: ReadonlyMap<string, string> | undefined;
  readonly failures: readonly ListFailure[];
}

export interface ListFailure {
  /** Empty for all namespaces. */
  readonly namespace: string;
  readonly kind: string;
  readonly error: Error;
}

export interface NamespaceChoice {
  /** Globs with `*`; all namespaces when there are none. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export async function collectWorkloads(
  client: KubernetesClient,
  choice: NamespaceChoice,
  world: World,
): Promise<Collected> {
  const failures: ListFailure[] = [];
  const wanted = namespaceFilter(choice);
  const named = choice.include.filter((pattern) => !pattern.includes('*'));
  const namespaces = named.length > 0 && named.length === choice.include.length ? named : undefined;
  const known = namespaces ? await existing(client, namespaces, failures, world.signal) : [undefined];
  // By uid: a list that was begun again names objects twice.
  const workloads = new Map<string, Workload>();
  for (const namespace of known) {
    for (const type of workloadTypes) {
      try {
        for await (const object of client.list(type, { signal: world.signal, ...(namespace && { namespace }) })) {
          const workload = workloadOf(type.kind, object);
          if (workload && wanted(workload.namespace)) workloads.set(workload.uid, workload);
        }
      } catch (error) {
        failures.push({ namespace: namespace ?? '', kind: type.kind, error: told(error) });
        world.log.warn('A kind of objects could not be listed', {
          kind: type.kind,
          namespace,
          reason: told(error).message,
        });
      }
    }
  }
  return { workloads: [...workloads.values()], nodes: await nodePlatforms(client, world), failures };
}

/** An error that is about this request alone; others are thrown on. */
function told(error: unknown): Error {
  const passes = error instanceof PratiqueError && error.code !== 'kubernetes/unreachable' && !isUnauthorized(error);
  if (passes && !error.code.startsWith('scan/') && error.code !== 'kubernetes/credentials') return error;
  throw error;
}

export function namespaceFilter({ include, exclude }: NamespaceChoice): (namespace: string) => boolean {
  const included = include.map(glob);
  const excluded = exclude.map(glob);
  return (namespace) =>
    (included.length === 0 || included.some((matches) => matches(namespace))) &&
    !excluded.some((matches) => matches(namespace));
}

function glob(pattern: string): (text: string) => boolean {
  if (!pattern.includes('*')) return (text) => text === pattern;
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  return (text) => {
    if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}

/** A misspelt namespace would list as empty, and so as clean. */
async function existing(
  client: KubernetesClient,
  namespaces: readonly string[],
  failures: ListFailure[],
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  for (const namespace of namespaces) {
    try {
      await client.get(resources.namespaces, namespace, { signal });
    } catch (error) {
      // Who may not look at namespaces may still list what is in one.
      if (!isForbidden(error)) {
        failures.push({ namespace, kind: 'Namespace', error: told(error) });
        continue;
      }
    }
    found.push(namespace);
  }
  return found;
}

async function nodePlatforms(client: KubernetesClient, world: World): Promise<Map<string, string> | undefined> {
  const platforms = new Map<string, string>();
  try {
    for await (const { metadata, status } of client.list(resources.nodes, { signal: world.signal })) {
      const { operatingSystem = 'linux', architecture } = status?.nodeInfo ?? {};
      if (metadata.name && architecture) platforms.set(metadata.name, `${operatingSystem}/${architecture}`);
    }
  } catch (error) {
    if (!isForbidden(error) && !isNotFound(error)) throw error;
    world.log.warn('Nodes cannot be listed: the platforms of images are guessed', { reason: error.message });
    return undefined;
  }
  return platforms;
}
