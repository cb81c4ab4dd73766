/** All facts at hand, by digest and platform; the newest scan counts. In memory, so that answers need nothing else. */
import type { World } from '#platform';
import { BoundedMap } from './bounded-map.js';
import type { ImageFacts } from './image-facts.js';

export interface FactsStore {
  /** Keeps the newer of two. */
  put(facts: ImageFacts): void;
  /** For one platform; facts that name none are taken where the cluster has but one. */
  get(digest: string, platform: string, onlyPlatform: boolean): ImageFacts | undefined;
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
      const key = keyOf(facts.digest, facts.platform);
      const old = kept.get(key);
      if (old && old.facts.scannedAt > facts.scannedAt) return;
      kept.set(key, { facts, usedAt: old?.usedAt ?? 0 });
      for (const wake of waiting.get(key) ?? []) wake();
    },
    get(digest, platform, onlyPlatform) {
      const found =
        kept.get(keyOf(digest, platform)) ?? (onlyPlatform ? kept.get(keyOf(digest, undefined)) : undefined);
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

const keyOf = (digest: string, platform: string | undefined): string => `${digest} ${platform ?? ''}`;
