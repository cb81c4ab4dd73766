/**
 * The exceptions of the followed namespaces: which of them count for a report now, and when that changes. A cluster without
 * the resource, or without the right to read it, has none.
 */
import type { World } from '#platform';
import { exceptionsFor, type FindingException } from '#policy';
import type { KubernetesClient } from '../client/client.js';
import { createInformer } from '../client/informer.js';
import { isForbidden, isNotFound } from '../client/kubernetes-error.js';
import { referenceOf } from '../cluster/running-image.js';
import { createNamespaceExceptions } from '../exceptions/namespace-exceptions.js';
import {
  type BrokenException,
  type ExceptionStatus,
  isBrokenException,
  readExceptionObject,
  type VulnerabilityException,
  vulnerabilityExceptions,
} from '../exceptions/vulnerability-exception.js';
import type { Unit } from './plan-units.js';

export interface KnownException {
  readonly exception: FindingException | BrokenException;
  readonly generation: number | undefined;
  readonly status: ExceptionStatus | undefined;
}

export interface FollowedExceptions {
  /** Those that count for the image of a report now. */
  active(unit: Unit): { readonly all: readonly FindingException[]; readonly hash: string };
  /** When the next one ends, milliseconds since 1970. */
  nextEnd(): number | undefined;
  entries(): Iterable<readonly [string, KnownException]>;
  notReady(): string | undefined;
  run(signal: AbortSignal): Promise<void>;
}

const none = { all: [], hash: '' } as const;

export interface FollowExceptionsOptions {
  readonly client: KubernetesClient;
  /** `undefined`: all. */
  readonly namespaces: readonly (string | undefined)[];
  onChange(): void;
}

export function followExceptions(options: FollowExceptionsOptions, world: World): FollowedExceptions {
  const { client, onChange } = options;
  const sets = createNamespaceExceptions();
  let isMissing = false;

  function set({ exception }: KnownException, key: string): void {
    const problem = isBrokenException(exception) ? exception.problem : sets.set(key, exception);
    if (problem !== undefined) {
      world.log.error('An exception accepts nothing', { exception: exception.name, problem });
      sets.remove(key);
    }
    onChange();
  }
  const informers = options.namespaces.map((namespace) =>
    createInformer<VulnerabilityException, KnownException>(
      {
        client,
        type: vulnerabilityExceptions,
        ...(namespace && { namespace }),
        project: (object) => ({
          exception: readExceptionObject(object),
          generation: object.metadata.generation,
          status: object.status,
        }),
        onAdd: set,
        onUpdate(known, previous, key) {
          // Most are of the status, which this operator writes.
          if (known.generation !== previous.generation) set(known, key);
        },
        onDelete(_, key) {
          sets.remove(key);
          onChange();
        },
        onFailure(error, wait) {
          if (!isNotFound(error) && !isForbidden(error))
            return world.log.warn('Exceptions cannot be followed', { reason: error.message, wait });
          if (!isMissing) world.log.info('Exceptions are not used', { reason: error.message });
          isMissing = true;
        },
      },
      world,
    ),
  );

  return {
    active({ owner, image, digest }) {
      const own = sets.of(owner.namespace).all;
      // Asked for each report at each pass.
      if (own.length === 0) return none;
      const reference = referenceOf(image);
      const repository = reference ? `${reference.registry}/${reference.repository}` : image;
      const now = world.clock.now().getTime();
      const current = own.filter(({ expires }) => expires > now);
      const all = exceptionsFor(current, [{ repository, digest: digest ?? reference?.digest }]);
      return {
        all,
        hash: all
          .map(({ hash }) => hash)
          .sort()
          .join(''),
      };
    },
    nextEnd() {
      const now = world.clock.now().getTime();
      let next: number | undefined;
      for (const [, { exception }] of entries())
        if (!isBrokenException(exception) && exception.expires > now)
          next = Math.min(next ?? Infinity, exception.expires);
      return next;
    },
    entries,
    notReady: () => (isMissing || informers.every(({ isSynced }) => isSynced) ? undefined : 'vulnerabilityexceptions'),
    run: async (signal) => void (await Promise.all(informers.map((one) => one.run(AbortSignal.any([signal]))))),
  };

  function* entries(): Generator<readonly [string, KnownException]> {
    for (const one of informers) yield* one.entries();
  }
}
