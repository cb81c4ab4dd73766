/**
 * Asking again after failures that may pass: broken connections, time-outs, 408, 429, 500, 502, 503, 504.
 * Waits grow, with jitter; a `Retry-After` is honoured up to `longestRetryAfter`, a longer one ends the attempts.
 */
import { backoffDelay, type HttpResponse, NetworkError, retryAfter, type World } from '#platform';

export interface RetryPolicy {
  /** Requests in all, the first one included. */
  readonly attempts: number;
  /** The same for requests that never got a connection: the network may be missing altogether. */
  readonly connectAttempts: number;
  /** Milliseconds. */
  readonly longestRetryAfter: number;
}

const backoff = { first: 500, factor: 3, longest: 10_000 };
const temporary = new Set([408, 429, 500, 502, 503, 504]);

/** The first answer worth keeping, or the last one there was; a `NetworkError` when none came. */
export async function withRetries(
  send: () => Promise<HttpResponse>,
  policy: RetryPolicy,
  world: World,
  signal: AbortSignal,
): Promise<HttpResponse> {
  for (let attempt = 0; ; attempt++) {
    let wait = backoffDelay(attempt, backoff);
    let reason: string;
    try {
      const response = await send();
      if (!temporary.has(response.status) || attempt + 1 >= policy.attempts) return response;
      const asked = retryAfter(response.header('retry-after'), world.clock.now());
      if (asked !== undefined && asked > policy.longestRetryAfter) return response;
      wait = asked ?? wait;
      reason = `status ${response.status}`;
      await response.discard();
    } catch (error) {
      if (!mayPass(error) || attempt + 1 >= attemptsFor(error, policy)) throw error;
      reason = error.message;
    }
    world.log.debug('Asking the registry again', { reason, wait: `${wait} ms` });
    await world.clock.sleep(wait, signal);
  }
}

/** Whether the same request may succeed later. */
export function mayPass(error: unknown): error is NetworkError {
  if (!(error instanceof NetworkError)) return false;
  return ['dns', 'unreachable', 'connect-timeout', 'idle-timeout', 'reset'].includes(error.failure);
}

function attemptsFor(error: NetworkError, policy: RetryPolicy): number {
  const connected = error.failure === 'idle-timeout' || error.failure === 'reset';
  return connected ? policy.attempts : policy.connectAttempts;
}

/** Milliseconds before a cut download goes on, after `failures` in a row without progress. */
export const resumeDelay = (failures: number): number => backoffDelay(failures, backoff);
