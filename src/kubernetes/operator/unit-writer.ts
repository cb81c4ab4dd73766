/**
 * Writes the outcome of a scan for one container of one workload, and remembers it until the watch tells the same. What
 * cannot be written counts as a failed attempt, so that it is tried again later and not in a circle.
 */
import { PratiqueError } from '#base';
import { backoffDelay, type World } from '#platform';
import { isNotFound } from '../client/kubernetes-error.js';
import type { Unit } from './plan-units.js';
import type { Reconciler } from './reconcile.js';
import type { ReportState } from '../reports/report-state.js';
import { acceptedCounts } from '../reports/accept-in-report.js';
import type { ReportHead, ScanState } from '../reports/image-report.js';
import type { ReportKind } from '../reports/report-kinds.js';
import type { Archive } from '../report-store/archive.js';
import type { ReportBody } from '../reports/vulnerability-report.js';
import { LONGEST_WAIT } from './freshness.js';
import type { FollowedExceptions } from './follow-exceptions.js';
import { failedBody, type WriteOptions, writeReport } from './write-report.js';

export interface UnitWriterOptions extends WriteOptions {
  readonly reconciler: Reconciler;
  readonly exceptions: Pick<FollowedExceptions, 'active'>;
  /** Of the reports that tell of failures; none where only reports about the cluster are kept. */
  readonly primary?: ReportKind;
  onFailure(reason: string): void;
  onWritten(kind: ReportKind, phase: string): void;
}

type MakeBody = (former: ReportHead | undefined) => ReportHead;

export interface UnitWriter {
  success(unit: Unit, kind: ReportKind, database: string, make: MakeBody, archive?: Archive): Promise<void>;
  /** Looks at the exceptions again; what the report lacks of its findings the image tells, and it stays due. */
  judge(unit: Unit, kind: ReportKind): Promise<void>;
  /** In the report of the first kind. */
  failure(unit: Unit, reason: string, message: string): Promise<void>;
}

const none = { all: [], hash: '' };
const waiting = { first: 30_000, factor: 2, longest: LONGEST_WAIT };
const MAX_MESSAGE = 1000;

export function createUnitWriter(options: UnitWriterOptions, world: World): UnitWriter {
  const { reconciler, primary, signal } = options;

  async function write(
    unit: Unit,
    kind: ReportKind,
    state: ReportState,
    make: MakeBody,
    archive?: Archive,
  ): Promise<void> {
    const remember = (kept: ReportState): void =>
      reconciler.remember(unit, kind, { state: kept, owner: unit.owner.reference.uid });
    const { all, hash } = kind.accept ? options.exceptions.active(unit) : none;
    const { accepted: _, exceptions: __, ...own } = state;
    const judged = { ...own, ...(hash && { exceptions: hash }) };
    let final: ReportState = judged;
    let failure: ReportState | undefined;
    // Many write at a time: as many listeners on one signal would look like a leak.
    const writing = { ...options, signal: AbortSignal.any([signal]), ...(archive && { complete }) };
    async function complete(whole: ReportHead, isShort: boolean): Promise<ReportHead> {
      if (!archive || (!archive.always && !isShort)) return whole;
      try {
        const fullReport = await archive.keep(kind.id, whole);
        return { ...whole, pratique: { ...whole.pratique, fullReport } };
      } catch (error) {
        if (signal.aborted || !(error instanceof PratiqueError)) throw error;
        // What is found is told; that the rest is nowhere counts as a failed attempt.
        world.log.error('A whole report could not be stored', { report: unit.key, reason: error.message });
        options.onFailure(error.code);
        failure = failedState(unit, kind, reconciler, world);
        const scan = failedScan(failure, error.code, error.message, whole);
        return { ...whole, pratique: { ...whole.pratique, scan } };
      }
    }
    try {
      const accepted: MakeBody = (former) => {
        const body = make(former);
        return kind.accept?.(body, all, world.clock.now()) ?? body;
      };
      const describe = (body: ReportHead): ReportState =>
        (final = { ...withAlias(judged, body), ...failure, ...acceptedCounts(body as ReportBody) });
      await writeReport(unit, kind, describe, accepted, writing);
      remember(final);
      options.onWritten(kind, final.phase);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof PratiqueError)) throw error;
      // Its namespace is gone.
      if (!isNotFound(error))
        world.log.error('A report could not be written', { report: unit.key, reason: error.message });
      options.onFailure(error.code);
      remember(failedState(unit, kind, reconciler, world));
    }
  }

  async function formerBody(
    { name, key, owner: { namespace } }: Unit,
    kind: ReportKind,
  ): Promise<ReportHead | undefined> {
    try {
      return (await options.client.find(kind.type, name, { namespace, signal }))?.report;
    } catch (error) {
      if (!(error instanceof PratiqueError)) throw error;
      if (!signal.aborted) world.log.warn('A report could not be read', { report: key, reason: error.message });
      return undefined;
    }
  }

  return {
    async judge(unit, kind) {
      const known = reconciler.known(unit, kind);
      const former = await formerBody(unit, kind);
      if (known && former && !former.truncated) await write(unit, kind, known.state, (newest) => newest ?? former);
    },
    success(unit, kind, database, make, archive) {
      const lastSuccess = world.clock.now().getTime();
      const state = { phase: 'Succeeded', attempts: 0, nextRetry: 0, lastSuccess } as const;
      return write(unit, kind, { image: unit.task, specHash: unit.specHash, database, ...state }, make, archive);
    },
    async failure(unit, reason, message) {
      if (!primary) return;
      options.onFailure(reason);
      const state = failedState(unit, primary, reconciler, world);
      await write(unit, primary, state, (former) =>
        failedBody(unit, failedScan(state, reason, message, former), former),
      );
    },
  };
}

function failedState(unit: Unit, kind: ReportKind, reconciler: Reconciler, world: World): ReportState {
  const before = reconciler.known(unit, kind)?.state;
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

function failedScan(state: ReportState, reason: string, message: string, former: ReportHead | undefined): ScanState {
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
function withAlias(state: ReportState, { artifact }: ReportHead): ReportState {
  const { digest, platform } = artifact;
  return digest && platform && state.phase === 'Succeeded' ? { ...state, alias: `${digest} ${platform}` } : state;
}
