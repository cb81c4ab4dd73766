/** Tells of each exception whether it counts, and what it accepts; written when that changed. */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { KubernetesClient } from '../client/client.js';
import {
  type ExceptionStatus,
  isBrokenException,
  vulnerabilityExceptions,
} from '../exceptions/vulnerability-exception.js';
import type { FollowedExceptions, KnownException } from './follow-exceptions.js';
import type { ReportState } from '../reports/report-state.js';

/** `states` are those of all reports, with the namespace each is in. */
export async function writeExceptionStatus(
  exceptions: Pick<FollowedExceptions, 'entries'>,
  states: Iterable<readonly [namespace: string, state: ReportState]>,
  { client, signal }: { readonly client: KubernetesClient; readonly signal: AbortSignal },
  world: World,
): Promise<void> {
  const counts = countsOf(states);
  const now = world.clock.now().getTime();
  for (const [key, known] of exceptions.entries()) {
    const status = statusOf(known, counts.get(key) ?? 0, now);
    if (isSameStatus(status, known.status)) continue;
    const [namespace = '', name = ''] = key.split('/');
    try {
      // `null` takes an old message away.
      const body = { status: { message: null, ...status } };
      await client.patch(
        vulnerabilityExceptions,
        name,
        { type: 'merge', body },
        { namespace, subresource: 'status', signal },
      );
    } catch (error) {
      if (signal.aborted) return;
      // Gone in between, or not allowed: nothing depends on it.
      if (!(error instanceof PratiqueError)) throw error;
      world.log.warn('The status of an exception could not be written', { exception: key, reason: error.message });
    }
  }
}

function countsOf(states: Iterable<readonly [string, ReportState]>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [namespace, { accepted = '' }] of states)
    for (const one of accepted.split(',').filter(Boolean)) {
      const [name = '', count = ''] = one.split('=');
      const key = `${namespace}/${name}`;
      if (/^\d{1,9}$/.test(count)) counts.set(key, (counts.get(key) ?? 0) + Number(count));
    }
  return counts;
}

function statusOf({ exception, generation }: KnownException, matched: number, now: number): ExceptionStatus {
  const observed = generation !== undefined && { observedGeneration: generation };
  if (isBrokenException(exception))
    return { state: 'Invalid', used: false, matchedFindings: 0, message: exception.problem, ...observed };
  const state = exception.expires > now ? 'Active' : 'Expired';
  return { state, used: matched > 0, matchedFindings: matched, ...observed };
}

const isSameStatus = (a: ExceptionStatus, b: ExceptionStatus | undefined): boolean =>
  b !== undefined &&
  a.state === b.state &&
  a.used === b.used &&
  a.matchedFindings === b.matchedFindings &&
  a.message === b.message &&
  a.observedGeneration === b.observedGeneration;
