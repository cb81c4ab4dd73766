/**
 * Scans in the background: each image and platform once at a time, a few side by side, the rest in a queue.
 * Limits  as many waiting as told (further ones are refused, and asked for again by the next request); a failed scan is
 *         not tried again before a wait that doubles from 30 seconds to 30 minutes.
 * Errors  a failed scan is kept as the reason, and counted; it never ends the queue.
 */
import { PratiqueError } from '#base';
import { backoffDelay, type World } from '#platform';
import { BoundedMap } from './bounded-map.js';
import type { ImageFacts } from './image-facts.js';

export interface ScanRequest {
  /** `registry/repository` */
  readonly repository: string;
  readonly digest: string;
  readonly platform: string;
}

/** Throws `PratiqueError` when the image cannot be scanned. */
export type ImageScanner = (request: ScanRequest, signal: AbortSignal) => Promise<ImageFacts>;

export interface ScanQueue {
  /** Whether it is under way, waiting or done. */
  add(request: ScanRequest): boolean;
  /** Why the last scan failed. */
  failure(request: Pick<ScanRequest, 'digest' | 'platform'>): string | undefined;
  readonly waiting: number;
  readonly running: number;
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>;
}

export interface ScanQueueOptions {
  readonly scan: ImageScanner;
  readonly workers: number;
  readonly limit: number;
  onDone(facts: ImageFacts): void;
  onResult(result: 'success' | 'failure', seconds: number): void;
}

interface Failure {
  readonly reason: string;
  readonly attempts: number;
  readonly retryAt: number;
}

const retry = { first: 30_000, factor: 2, longest: 1_800_000 };

export function createScanQueue(options: ScanQueueOptions, world: World): ScanQueue {
  const waiting = new Map<string, ScanRequest>();
  const running = new Set<string>();
  const failures = new BoundedMap<Failure>(10_000);
  const idle = new Set<() => void>();
  const now = (): number => world.clock.now().getTime();

  function pump(): void {
    while (running.size < options.workers && !world.signal.aborted) {
      const next = waiting.entries().next().value;
      if (!next) break;
      const [key, request] = next;
      waiting.delete(key);
      running.add(key);
      void work(key, request).finally(() => {
        running.delete(key);
        pump();
      });
    }
    if (waiting.size + running.size > 0) return;
    for (const resolve of idle) resolve();
    idle.clear();
  }

  async function work(key: string, request: ScanRequest): Promise<void> {
    const began = now();
    try {
      const facts = await options.scan(request, world.signal);
      failures.delete(key);
      options.onDone(facts);
      options.onResult('success', (now() - began) / 1000);
    } catch (error) {
      if (world.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      const attempts = (failures.get(key)?.attempts ?? 0) + 1;
      failures.set(key, { reason, attempts, retryAt: now() + backoffDelay(attempts - 1, retry) });
      options.onResult('failure', (now() - began) / 1000);
      const { repository, digest, platform } = request;
      const level = error instanceof PratiqueError ? 'warn' : 'error';
      world.log[level]('an image could not be scanned', { image: `${repository}@${digest}`, platform, reason });
    }
  }

  return {
    add(request) {
      const key = keyOf(request);
      if (waiting.has(key) || running.has(key)) return true;
      if (waiting.size >= options.limit) return false;
      const failure = failures.get(key);
      if (failure && failure.retryAt > now()) return false;
      waiting.set(key, request);
      pump();
      return true;
    },
    failure: (request) => failures.get(keyOf(request))?.reason,
    get waiting() {
      return waiting.size;
    },
    get running() {
      return running.size;
    },
    idle: () =>
      new Promise((resolve) => {
        if (waiting.size + running.size === 0) resolve();
        else idle.add(resolve);
      }),
  };
}

const keyOf = ({ digest, platform }: Pick<ScanRequest, 'digest' | 'platform'>): string => `${digest} ${platform}`;
