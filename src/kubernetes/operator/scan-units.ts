/**
 * The work on one image: scanned once, or not at all where a current report of it was just written; told to every container
 * that runs it. A failure is written too, with the time of the next try.
 */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { KubernetesClient } from '../client/client.js';
import type { ImageTask } from '../cluster/plan-images.js';
import { createPullSecrets } from '../cluster/pull-secrets.js';
import { scanTask, type TaskOutcome } from '../cluster/scan-task.js';
import { copyBody, currentBody } from './copy-report.js';
import { isDue, needsScan } from './freshness.js';
import type { KeptDatabase } from './keep-database.js';
import type { Unit } from './plan-units.js';
import type { Reconciler } from './reconcile.js';
import { firstSeenOf, reportBody } from './report-body.js';
import type { UnitWriter } from './unit-writer.js';

export interface ScanUnitsOptions {
  readonly client: KubernetesClient;
  readonly reconciler: Reconciler;
  readonly writer: UnitWriter;
  readonly database: KeptDatabase;
  /** Of this program. */
  readonly version: string;
  /** Milliseconds for one image. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  onScan(result: 'success' | 'failure', seconds: number): void;
}

const WRITERS = 4;

/** A function of the key of an image; it says of failures itself. */
export function createScanUnits(options: ScanUnitsOptions, world: World): (task: string) => Promise<void> {
  const { reconciler, writer, signal } = options;
  return async (key) => {
    const task = reconciler.plan.tasks.get(key);
    const dueUnits = (): Unit[] => {
      const now = reconciler.moment();
      return reconciler.unitsOf(key).filter((unit) => isDue(unit, reconciler.known(unit), now));
    };
    if (!task || dueUnits().length === 0) return;
    try {
      await work(key, task, dueUnits, options, world);
    } catch (error) {
      if (signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      // One image must not end the work on all others.
      world.log.error(`a bug in pratique: ${message}`, { image: task.references[0] });
      if (error instanceof Error && world.log.debugging) world.log.debug(error.stack ?? '');
      await forEach(dueUnits(), (unit) => writer.failure(unit, 'bug', `a bug in pratique: ${message}`));
    }
    reconciler.wake();
  };
}

async function work(
  key: string,
  task: ImageTask,
  dueUnits: () => readonly Unit[],
  options: ScanUnitsOptions,
  world: World,
): Promise<void> {
  const { writer, database, version, signal, onScan } = options;
  // The one that the scan begins with: a newer one in between makes the report old at once.
  const used = database.version ?? '';
  await judgeAgain(dueUnits(), options);
  if (dueUnits().length === 0) return;
  const donor = await currentBody(key, options);
  // What was left out of a report cannot be accepted in its copies.
  if (donor && !(donor.truncated && dueUnits().some((unit) => options.reconciler.moment().exceptions(unit) !== '')))
    return forEach(dueUnits(), (unit) => writer.success(unit, used, (former) => copyBody(unit, donor, former)));
  const begun = performance.now();
  const outcome = await scanOnce(task, options, world);
  if (signal.aborted) return;
  onScan('report' in outcome ? 'success' : 'failure', (performance.now() - begun) / 1000);
  if ('report' in outcome) {
    const { report, platform } = outcome;
    await forEach(dueUnits(), (unit) =>
      writer.success(unit, used, (former) =>
        reportBody(report, { ...unit, digest: unit.digest, platform, version, firstSeen: firstSeenOf(former) }),
      ),
    );
  } else {
    world.log.warn('An image could not be scanned', { image: task.references[0], reason: outcome.error });
    await forEach(dueUnits(), (unit) => writer.failure(unit, outcome.code ?? 'scan/failed', outcome.error));
  }
}

/** Reports whose findings hold, but not what is accepted of them. */
async function judgeAgain(units: readonly Unit[], { reconciler, writer }: ScanUnitsOptions): Promise<void> {
  const now = reconciler.moment();
  const judged = units.filter((unit) => !needsScan(unit, reconciler.known(unit), now));
  await forEach(judged, (unit) => writer.judge(unit));
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

async function forEach(units: readonly Unit[], write: (unit: Unit) => Promise<void>): Promise<void> {
  const queue = units.values();
  const one = async (): Promise<void> => {
    for (const unit of queue) await write(unit);
  };
  await Promise.all(Array.from({ length: WRITERS }, one));
}
