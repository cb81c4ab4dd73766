/**
 * Writes the outcome of a scan for one container of one workload, and remembers it until the watch tells the same. What
 * cannot be written counts as a failed attempt, so that it is tried again later and not in a circle.
 */
import { PratiqueError } from '#base';
import { backoffDelay, type World } from '#platform';
import { isNotFound } from '../client/kubernetes-error.js';
import { acceptedCounts, acceptInReport } from './accept-in-report.js';
import type { FollowedExceptions } from './follow-exceptions.js';
import type { Unit } from './plan-units.js';
import type { Reconciler } from './reconcile.js';
import type { ReportState } from './report-state.js';
import { type ReportBody, type ScanState, vulnerabilityReports } from './vulnerability-report.js';
import { failedBody, type WriteOptions, writeReport } from './write-report.js';

export interface UnitWriterOptions extends WriteOptions {
  readonly reconciler: Reconciler;
  readonly exceptions: Pick<FollowedExceptions, 'active'>;
  onFailure(reason: string): void;
  onWritten(phase: string): void;
}

type MakeBody = (former: ReportBody | undefined) => ReportBody;

export interface UnitWriter {
  success(unit: Unit, database: string, make: MakeBody): Promise<void>;
  failure(unit: Unit, reason: string, message: string): Promise<void>;
  /** Looks at the exceptions again; what the report lacks of its findings only a scan can tell, and it stays due. */
  judge(unit: Unit): Promise<void>;
  /** The resource version of what this process wrote last: nobody else had a hand in it. */
  writtenVersion(unit: Unit): string | undefined;
}

const waiting = { first: 30_000, factor: 2, longest: 3_600_000 };
const MAX_MESSAGE = 1000;

export function createUnitWriter(options: UnitWriterOptions, world: World): UnitWriter {
  const { reconciler, signal } = options;
  const versions = new Map<string, string>();

  async function write(unit: Unit, state: ReportState, make: MakeBody): Promise<void> {
    const remember = (kept: ReportState): void =>
      reconciler.remember(unit, { state: kept, owner: unit.owner.reference.uid });
    const { all, hash } = options.exceptions.active(unit);
    const { accepted: _, exceptions: __, ...own } = state;
    const judged = { ...own, ...(hash && { exceptions: hash }) };
    let final = judged;
    // Many write at a time: as many listeners on one signal would look like a leak.
    const writing = { ...options, signal: AbortSignal.any([signal]) };
    for (const key of versions.keys()) if (!reconciler.plan.units.has(key)) versions.delete(key);
    try {
      const accept: MakeBody = (former) => acceptInReport(make(former), all, world.clock.now());
      const describe = (body: ReportBody): ReportState =>
        (final = { ...withAlias(judged, body), ...acceptedCounts(body) });
      versions.set(unit.key, await writeReport(unit, describe, accept, writing));
      remember(final);
      options.onWritten(state.phase);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof PratiqueError)) throw error;
      // Its namespace is gone.
      if (!isNotFound(error))
        world.log.error('A report could not be written', { report: unit.key, reason: error.message });
      options.onFailure(error.code);
      remember(failedState(unit, reconciler, world));
    }
  }

  async function formerBody({ name, key, owner: { namespace } }: Unit): Promise<ReportBody | undefined> {
    try {
      return (await options.client.find(vulnerabilityReports, name, { namespace, signal }))?.report;
    } catch (error) {
      if (!(error instanceof PratiqueError)) throw error;
      if (!signal.aborted) world.log.warn('A report could not be read', { report: key, reason: error.message });
      return undefined;
    }
  }

  return {
    writtenVersion: ({ key }) => versions.get(key),
    success(unit, database, make) {
      const lastSuccess = world.clock.now().getTime();
      const state = { phase: 'Succeeded', attempts: 0, nextRetry: 0, lastSuccess } as const;
      return write(unit, { image: unit.task, specHash: unit.specHash, database, ...state }, make);
    },
    async judge(unit) {
      const known = reconciler.known(unit);
      const former = await formerBody(unit);
      if (known && former && !former.truncated) await write(unit, known.state, (newest) => newest ?? former);
    },
    failure(unit, reason, message) {
      options.onFailure(reason);
      const state = failedState(unit, reconciler, world);
      return write(unit, state, (former) => failedBody(unit, failedScan(state, reason, message, former), former));
    },
  };
}

function failedState(unit: Unit, reconciler: Reconciler, world: World): ReportState {
  const before = reconciler.known(unit)?.state;
  const attempts = before?.phase === 'Failed' && before.image === unit.task ? before.attempts + 1 : 1;
  return {
    image: unit.task,
    specHash: unit.specHash,
    database: '',
    phase: 'Failed',
    attempts,
    nextRetry: world.clock.now().getTime() + backoffDelay(attempts - 1, waiting),
    lastSuccess: before?.lastSuccess ?? 0,
  };
}

function failedScan(state: ReportState, reason: string, message: string, former: ReportBody | undefined): ScanState {
  const lastSuccess = former?.pratique?.scan?.lastSuccess;
  return {
    phase: 'Failed',
    reason,
    message: message.slice(0, MAX_MESSAGE),
    attempts: state.attempts,
    nextRetry: new Date(state.nextRetry).toISOString(),
    ...(lastSuccess !== undefined && { lastSuccess }),
  };
}

/** The digest of an image that was scanned by its name. */
function withAlias(state: ReportState, { artifact }: ReportBody): ReportState {
  const { digest, platform } = artifact;
  return digest && platform && state.phase === 'Succeeded' ? { ...state, alias: `${digest} ${platform}` } : state;
}
