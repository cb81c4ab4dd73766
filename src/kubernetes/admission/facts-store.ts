/** All facts at hand, by digest and platform; the newest scan counts. In memory, so that answers need nothing else. */
import type { World } from '#platform';
import { BoundedMap } from './bounded-map.js';
import type { ImageFacts } from './image-facts.js';

export interface WantedFacts {
  /** The cluster has but this one. */
  readonly onlyPlatform: boolean;
  /** What is known to be exploited must be told. */
  readonly exploited: boolean;
}

export interface FactsStore {
  /** Keeps the newer of two. */
  put(facts: ImageFacts): void;
  /** For one platform; facts that name none are taken where the cluster has but one. */
  get(digest: string, platform: string, wanted: WantedFacts): ImageFacts | undefined;
  readonly size: number;
  /** When they were last asked for; 0: never. */
  entries(): Iterable<{ readonly facts: ImageFacts; readonly usedAt: number }>;
  /** Resolves to whether facts came within `ms` milliseconds. */
  arrival(digest: string, platform: string, ms: number): Promise<boolean>;
}

const MAX_IMAGES = 10_000;

interface Kept {
  facts: ImageFacts;
  usedAt: number;
}

export function createFactsStore(world: Pick<World, 'clock'>): FactsStore {
  const kept = new BoundedMap<Kept>(MAX_IMAGES);
  const waiting = new Map<string, Set<() => void>>();

  return {
    put(facts) {
      const key = keyOf(facts.digest, facts.platform, facts.exploitedUnknown);
      const old = kept.get(key);
      if (old && old.facts.scannedAt > facts.scannedAt) return;
      kept.set(key, { facts, usedAt: old?.usedAt ?? 0 });
      for (const wake of waiting.get(key) ?? []) wake();
    },
    get(digest, platform, { onlyPlatform, exploited }) {
      const own = kept.get(keyOf(digest, platform));
      const reports = exploited
        ? []
        : [
            kept.get(keyOf(digest, platform, true)),
            onlyPlatform ? kept.get(keyOf(digest, undefined, true)) : undefined,
          ];
      let found = own;
      for (const one of reports) if (one && (!found || one.facts.scannedAt > found.facts.scannedAt)) found = one;
      if (found) found.usedAt = world.clock.now().getTime();
      return found?.facts;
    },
    get size() {
      return kept.size;
    },
    entries: () => kept.values(),
    arrival(digest, platform, ms) {
      const key = keyOf(digest, platform);
      return new Promise((resolve) => {
        const list = waiting.get(key) ?? new Set();
        const end = (came: boolean): void => {
          clearTimeout(timer);
          list.delete(wake);
          if (list.size === 0) waiting.delete(key);
          resolve(came);
        };
        const wake = (): void => end(true);
        const timer = setTimeout(() => end(false), ms);
        waiting.set(key, list.add(wake));
      });
    },
  };
}

/** Reports that do not tell what is exploited have a place of their own, so that they replace nothing that does. */
const keyOf = (digest: string, platform: string | undefined, exploitedUnknown = false): string =>
  `${digest} ${platform ?? ''}${exploitedUnknown ? ' report' : ''}`;
