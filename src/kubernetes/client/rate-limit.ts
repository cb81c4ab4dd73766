/** At most `qps` requests a second on average, `burst` at once: a token bucket. Waiting requests go in order. */
import type { Clock } from '#platform';

export interface RateLimit {
  readonly qps: number;
  readonly burst: number;
}

/** Resolves when a request may be sent. `qps` 0 or less: no limit. */
export type RateLimiter = (signal: AbortSignal) => Promise<void>;

export function createRateLimiter({ qps, burst }: RateLimit, clock: Clock): RateLimiter {
  const room = Math.max(1, burst);
  // The time at which the bucket would be empty of waiting requests: requests book it in advance.
  let next = -Infinity;
  return async (signal) => {
    signal.throwIfAborted();
    if (qps <= 0) return;
    const now = clock.now().getTime();
    const gap = 1000 / qps;
    next = Math.max(next, now - room * gap) + gap;
    const wait = next - now;
    if (wait > 0) await clock.sleep(wait, signal);
  };
}
