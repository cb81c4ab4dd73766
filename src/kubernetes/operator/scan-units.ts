/**
 * The work on one image: scanned once, or not at all where a current report of it is somewhere in the cluster; written for
 * every container that runs it. A failure is written too, with the time of the next try.
 */
import { PratiqueError } from '#base';
import { backoffDelay, type World } from '#platform';
import { isNotFound } from '../client/kubernetes-error.js';
import type { KubernetesClient } from '../client/client.js';
import { createPullSecrets } from '../cluster/pull-secrets.js';
import { scanTask, type TaskOutcome } from '../cluster/scan-task.js';
import type { ImageTask } from '../cluster/plan-images.js';
import { isDue, isFresh } from './freshness.js';
import type { KeptDatabase } from './keep-database.js';
import type { Unit } from './plan-units.js';
import type { Reconciler } from './reconcile.js';
import { artifactOf, firstSeenOf, identityOf, reportBody } from './report-body.js';
import type { ReportState } from './report-state.js';
import { type ReportBody, vulnerabilityReports } from './vulnerability-report.js';
import { failedBody, writeReport } from './write-report.js';

export interface ScanUnitsOptions {
  readonly client: KubernetesClient;
  readonly reconciler: Reconciler;
  readonly database: KeptDatabase;
  /** Of this program. */
  readonly version: string;
  readonly budget: number;
  /** Milliseconds for one image. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  onScan(outcome: 'success' | 'failure', seconds: number): void;
  onFailure(reason: string): void;
  onWritten(phase: string): void;
}

const waiting = { first: 30_000, factor: 2, longest: 3_600_000 };
const WRITERS = 4;

/** A function of the key of an image; says of failures itself. */
export function createScanUnits(options: ScanUnitsOptions, world: World): (task: string) => Promise<void> {
  const { reconciler, database, signal } = options;
  return async (key) => {
    const task = reconciler.plan.tasks.get(key);
    const due = (): Unit[] => {
      const now = reconciler.moment();
      return reconciler.unitsOf(key).filter((unit) => isDue(unit, reconciler.known(unit), now));
    };
    if (!task || due().length === 0) return;
    const version = database.version ?? '';
    const donor = await currentBody(key, options);
    if (donor) return forEach(due(), (unit) => writeSuccess(unit, version, (former) => copied(unit, donor, former)));
    const begun = performance.now();
    const outcome = await scanOnce(task, options, world);
    if (signal.aborted) return;
    const seconds = (performance.now() - begun) / 1000;
    if ('report' in outcome) {
      const { report, platform } = outcome;
      options.onScan('success', seconds);
      await forEach(due(), (unit) =>
        writeSuccess(unit, version, (former) =>
          reportBody(report, {
            ...unit,
            digest: unit.digest,
            platform,
            version: options.version,
            firstSeen: firstSeenOf(former),
          }),
        ),
      );
    } else {
      options.onScan('failure', seconds);
      world.log.warn('An image could not be scanned', { image: task.references[0], reason: outcome.error });
      await forEach(due(), (unit) => writeFailure(unit, outcome.code ?? 'scan/failed', outcome.error));
    }
    reconciler.wake();
  };

  async function writeSuccess(
    unit: Unit,
    databaseVersion: string,
    make: (former: ReportBody | undefined) => ReportBody,
  ): Promise<void> {
    const now = world.clock.now().getTime();
    const state = {
      image: unit.task,
      specHash: unit.specHash,
      database: databaseVersion,
      phase: 'Succeeded',
      attempts: 0,
      nextRetry: 0,
      lastSuccess: now,
    } as const;
    // What a retry of the write would make again is small beside the scan.
    await write(unit, state, make);
  }

  async function writeFailure(unit: Unit, reason: string, message: string): Promise<void> {
    options.onFailure(reason);
    const state = failedState(unit);
    await write(unit, state, (former) => {
      const lastSuccess = former?.pratique?.scan?.lastSuccess;
      const scan = {
        phase: 'Failed',
        reason,
        message: message.slice(0, 1000),
        attempts: state.attempts,
        nextRetry: new Date(state.nextRetry).toISOString(),
        ...(lastSuccess !== undefined && { lastSuccess }),
      } as const;
      return failedBody(unit, scan, former);
    });
  }

  function failedState(unit: Unit): ReportState {
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

  async function write(
    unit: Unit,
    state: ReportState,
    make: (former: ReportBody | undefined) => ReportBody,
  ): Promise<void> {
    const remember = (kept: ReportState): void =>
      reconciler.remember(unit, { state: kept, owner: unit.owner.reference.uid });
    let final = state;
    try {
      await writeReport(unit, (body) => (final = withAlias(state, body)), make, options);
      remember(final);
      options.onWritten(state.phase);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof PratiqueError)) throw error;
      // Its namespace is gone.
      if (!isNotFound(error))
        world.log.error('A report could not be written', { report: unit.key, reason: error.message });
      options.onFailure(error.code);
      remember(failedState(unit));
    }
  }
}

/** The digest of an image that was scanned by its name. */
function withAlias(state: ReportState, { artifact }: ReportBody): ReportState {
  const { digest, platform } = artifact;
  return digest && platform && state.phase === 'Succeeded' ? { ...state, alias: `${digest} ${platform}` } : state;
}

async function scanOnce(task: ImageTask, options: ScanUnitsOptions, world: World): Promise<TaskOutcome> {
  const { client, database, signal, timeout } = options;
  const limit = AbortSignal.timeout(timeout);
  const inner: World = { ...world, signal: AbortSignal.any([signal, limit]) };
  try {
    const keyring = await createPullSecrets(client, inner).keyringFor(task.workloads);
    return await scanTask(task, keyring, database.scan, inner);
  } catch (error) {
    if (signal.aborted) return { error: 'interrupted' };
    if (limit.aborted) return { error: `the scan took longer than ${timeout / 1000} s`, code: 'scan/timeout' };
    if (error instanceof PratiqueError) return { error: error.message, code: error.code };
    throw error;
  }
}

/** The body of a current report of the image, wherever it is. */
async function currentBody(
  task: string,
  { client, reconciler, signal }: ScanUnitsOptions,
): Promise<ReportBody | undefined> {
  const now = reconciler.moment();
  for (const unit of reconciler.plan.units.values()) {
    const known = reconciler.known(unit);
    if (known?.state.image !== task && known?.state.alias !== task) continue;
    if (!isFresh(unit, known, now)) continue;
    try {
      const found = await client.get(vulnerabilityReports, unit.name, { namespace: unit.owner.namespace, signal });
      if (found.report?.updateTimestamp !== undefined) return found.report;
    } catch (error) {
      if (!(error instanceof PratiqueError)) throw error;
    }
  }
  return undefined;
}

/** The report of the same image, as of this workload. */
function copied(unit: Unit, donor: ReportBody, former: ReportBody | undefined): ReportBody {
  const { registry: _, ...rest } = donor;
  const { server, ...artifact } = artifactOf(unit.image, unit.digest ?? donor.artifact.digest);
  const seen = firstSeenOf(former);
  const { platform } = donor.artifact;
  return {
    ...rest,
    ...(server && { registry: { server } }),
    artifact: { ...artifact, ...(platform && { platform }) },
    vulnerabilities: (donor.vulnerabilities ?? []).map((one) => {
      const firstSeen = seen.get(identityOf(one));
      return firstSeen === undefined ? one : { ...one, pratique: { ...one.pratique, firstSeen } };
    }),
  };
}

async function forEach(units: readonly Unit[], work: (unit: Unit) => Promise<void>): Promise<void> {
  const queue = units.values();
  const one = async (): Promise<void> => {
    for (const unit of queue) await work(unit);
  };
  await Promise.all(Array.from({ length: WRITERS }, one));
}
