/** All facts at hand, by digest and platform; the newest scan counts. In memory, so that answers need nothing else. */
import type { World } from '#platform';
import { BoundedMap } from './bounded-map.js';
import type { ImageFacts, Measure } from './image-facts.js';

export interface WantedFacts {
  /** The cluster has but this one. */
  readonly onlyPlatform: boolean;
  /** What must be told. */
  readonly measures: readonly Measure[];
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
      const key = keyOf(facts.digest, facts.platform, suffixOf(facts.untold));
      const old = kept.get(key);
      if (old && old.facts.scannedAt > facts.scannedAt) return;
      kept.set(key, { facts, usedAt: old?.usedAt ?? 0 });
      for (const wake of waiting.get(keyOf(facts.digest, facts.platform)) ?? []) wake();
    },
    get(digest, platform, { onlyPlatform, measures }) {
      let found: Kept | undefined;
      for (const { untold, suffix } of places) {
        if (untold.some((one) => measures.includes(one))) continue;
        for (const of of onlyPlatform ? [platform, undefined] : [platform]) {
          const one = kept.get(keyOf(digest, of, suffix));
          if (one && (!found || one.facts.scannedAt > found.facts.scannedAt)) found = one;
        }
      }
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

/**
 * What facts may leave untold. Those that tell less have a place of their own, so that they replace nothing that tells more.
 */
const places = [
  [],
  ['created'],
  ['epss'],
  ['exploited'],
  ['created', 'epss'],
  ['created', 'exploited'],
  ['epss', 'exploited'],
  ['created', 'epss', 'exploited'],
].map((untold) => ({ untold: untold as readonly Measure[], suffix: untold.join(' ') }));

const suffixOf = (untold: readonly Measure[] = []): string => untold.toSorted().join(' ');
const keyOf = (digest: string, platform: string | undefined, suffix = ''): string =>
  `${digest} ${platform ?? ''} ${suffix}`;
