/**
 * How long to wait before trying again.
 * Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 * Retry-After: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export interface Backoff {
  /** Upper bound of the first wait, milliseconds. */
  readonly first: number;
  readonly factor: number;
  /** Upper bound of any wait, milliseconds. */
  readonly longest: number;
}

/** Milliseconds before attempt `attempt` + 1 (the first attempt is 0); between half of the bound and the bound. */
export function backoffDelay(attempt: number, backoff: Backoff, random: () => number = Math.random): number {
  const bound = Math.min(backoff.longest, backoff.first * backoff.factor ** attempt);
  return Math.round(bound / 2 + (bound / 2) * random());
}

/** Milliseconds that a `Retry-After` header asks for (seconds or an HTTP date); `undefined` when it says nothing usable. */
export function retryAfter(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Za-z]{3}/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
