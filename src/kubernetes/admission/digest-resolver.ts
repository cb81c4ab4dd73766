/**
 * What tags point to. Asked for once in a while and remembered, so that an answer does not depend on a registry.
 * Limits  10,000 tags; 16 requests at the same time; each answer waits no longer than it is told. A tag that could be resolved is
 *         believed for a minute, and for an hour when the registry does not answer; a failure for ten seconds.
 */
import { PratiqueError } from '#base';
import type { Reference } from '#oci';
import type { World } from '#platform';
import { BoundedMap } from './bounded-map.js';

export type Resolution = { readonly digest: string } | { readonly failure: string };

export interface DigestResolver {
  resolve(reference: Reference, patience: number): Promise<Resolution>;
}

/** Asks the registry; throws `PratiqueError`. */
export type DigestLookup = (reference: Reference, signal: AbortSignal) => Promise<string>;

interface Known {
  readonly resolution: Resolution;
  readonly at: number;
  /** When the registry last failed to say it anew. */
  readonly failedAt?: number;
}

const FRESH = 60_000;
const STALE = 3_600_000;
const FAILED = 10_000;
const PARALLEL = 16;
const LONGEST = 20_000;

export function createDigestResolver(lookup: DigestLookup, world: World): DigestResolver {
  const known = new BoundedMap<Known>(10_000);
  const asking = new Map<string, Promise<Resolution>>();
  const now = (): number => world.clock.now().getTime();

  const isStale = ({ resolution, at }: Known): boolean => 'digest' in resolution && now() - at < STALE;

  function ask(reference: Reference): Promise<Resolution> {
    const { name } = reference;
    const running = asking.get(name);
    if (running) return running;
    if (asking.size >= PARALLEL) return Promise.resolve({ failure: 'too many other tags are being resolved' });
    const asked = lookup(reference, AbortSignal.any([world.signal, AbortSignal.timeout(LONGEST)]))
      .then((digest): Resolution => ({ digest }))
      .catch((error: unknown): Resolution => ({ failure: reasonOf(error) }))
      .then((resolution) => {
        asking.delete(name);
        const old = known.get(name);
        // The registry is down: what it said last is better than nothing, for a while.
        if ('failure' in resolution && old && isStale(old)) {
          known.set(name, { ...old, failedAt: now() });
          return old.resolution;
        }
        known.set(name, { resolution, at: now() });
        return resolution;
      });
    asking.set(name, asked);
    return asked;
  }

  return {
    async resolve(reference, patience) {
      if (reference.digest) return { digest: reference.digest };
      const old = known.get(reference.name);
      if (old && now() - old.at < ('digest' in old.resolution ? FRESH : FAILED)) return old.resolution;
      if (!old || !isStale(old))
        return within(ask(reference), patience, { failure: 'the registry did not answer in time' });
      // Whoever comes while the registry is down does not wait for it again.
      if (old.failedAt !== undefined && now() - old.failedAt < FAILED) return old.resolution;
      const found = await within(ask(reference), patience, undefined);
      if (found) return found;
      known.set(reference.name, { ...old, failedAt: now() });
      return old.resolution;
    },
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof PratiqueError) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError') return 'the registry did not answer in time';
  return error instanceof Error ? error.message : String(error);
}

async function within<T>(work: Promise<T>, ms: number, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<T>((resolve) => (timer = setTimeout(() => resolve(late), Math.max(0, ms))));
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}
