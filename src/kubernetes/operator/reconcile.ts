/**
 * Compares the reports there should be with those there are, and queues the images that are missing, old or due for another
 * try. Everything it knows is in the cluster: a new process goes on where the last one ended.
 */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { KubernetesClient } from '../client/client.js';
import { writeExceptionStatus } from './exception-status.js';
import type { FollowedExceptions } from './follow-exceptions.js';
import type { Followed, KnownReport } from './follow-workloads.js';
import { isDue, isFresh, type Moment } from './freshness.js';
import type { KeptDatabase } from './keep-database.js';
import { type Plan, planUnits, type Unit } from './plan-units.js';
import { type ReportState, writeState } from './report-state.js';
import { vulnerabilityReports } from './vulnerability-report.js';
import type { WorkQueue } from './work-queue.js';

export interface ReconcileOptions {
  readonly client: KubernetesClient;
  readonly followed: Followed;
  readonly exceptions: FollowedExceptions;
  readonly database: KeptDatabase;
  readonly queue: WorkQueue;
  readonly ttl: number;
  /** Milliseconds that a report outlives what it tells of. */
  readonly removeAfter: number;
}

export interface Reconciler {
  /** Again, soon. */
  wake(): void;
  run(signal: AbortSignal): Promise<void>;
  readonly plan: Plan;
  unitsOf(task: string): readonly Unit[];
  known(unit: Unit): KnownReport | undefined;
  /** What was just written, until the watch tells the same. */
  remember(unit: Unit, known: KnownReport): void;
  /** What the watch tells. */
  seen(key: string, known: KnownReport | undefined): void;
  moment(): Moment;
  /** Tasks whose reports are all current. */
  readonly scanned: number;
}

/** Changes come in swarms. */
const SETTLE = 500;
/** In large clusters, comparing takes at most one part of so many of the time. */
const REST = 10;
const LONGEST = 30_000;

export function createReconciler(options: () => ReconcileOptions, world: World): Reconciler {
  let plan: Plan = { units: new Map(), tasks: new Map() };
  let byTask = new Map<string, Unit[]>();
  let scanned = 0;
  let isWoken = false;
  let wakeUp: (() => void) | undefined;
  const remembered = new Map<string, KnownReport>();
  const unwanted = new Map<string, number>();

  const stopped = (): void => wakeUp?.();
  const known = ({ key }: Unit): KnownReport | undefined => remembered.get(key) ?? options().followed.report(key);
  const moment = (): Moment => ({
    now: world.clock.now().getTime(),
    database: options().database.version ?? '',
    ttl: options().ttl,
    exceptions: (unit) => options().exceptions.active(unit).hash,
  });

  /** Resolves to when the next one is due. */
  async function pass(signal: AbortSignal): Promise<number> {
    const { followed, queue } = options();
    plan = planUnits(followed.cluster());
    byTask = new Map();
    for (const unit of plan.units.values()) {
      const list = byTask.get(unit.task);
      if (list) list.push(unit);
      else byTask.set(unit.task, [unit]);
    }
    for (const key of remembered.keys()) if (!plan.units.has(key)) remembered.delete(key);
    const now = moment();
    let next = now.now + LONGEST;
    scanned = 0;
    queue.keep((task) => byTask.has(task));
    for (const [task, units] of byTask) {
      if (units.every((unit) => isFresh(unit, known(unit), now))) scanned++;
      else if (units.some((unit) => isDue(unit, known(unit), now))) queue.add(task);
      for (const unit of units) {
        const retry = known(unit)?.state.nextRetry ?? 0;
        if (retry > now.now) next = Math.min(next, retry);
      }
    }
    await removeOld(now.now, signal);
    const { exceptions, client } = options();
    await writeExceptionStatus(exceptions, reportStates(), { client, signal }, world);
    return Math.min(next, exceptions.nextEnd() ?? next) - now.now;
  }

  function* reportStates(): Generator<readonly [string, ReportState]> {
    for (const unit of plan.units.values()) {
      const state = known(unit)?.state;
      if (state) yield [unit.owner.namespace, state];
    }
  }

  async function removeOld(now: number, signal: AbortSignal): Promise<void> {
    const { followed, client, removeAfter } = options();
    const gone = new Set(unwanted.keys());
    for (const [key] of followed.reports()) {
      if (plan.units.has(key)) continue;
      gone.delete(key);
      const since = unwanted.get(key) ?? now;
      unwanted.set(key, since);
      if (now - since < removeAfter) continue;
      const [namespace = '', name = ''] = key.split('/');
      await client.delete(vulnerabilityReports, name, { namespace, signal });
      unwanted.delete(key);
    }
    for (const key of gone) unwanted.delete(key);
  }

  return {
    wake() {
      isWoken = true;
      wakeUp?.();
    },
    async run(signal) {
      signal.addEventListener('abort', stopped);
      while (!signal.aborted) {
        const { followed, exceptions, database } = options();
        isWoken = false;
        let wait = LONGEST;
        const begun = performance.now();
        if ((followed.notReady() ?? exceptions.notReady()) === undefined && database.version !== undefined) {
          wait = await pass(signal).catch((error: unknown) => failed(error, signal, world));
        } else wait = SETTLE;
        const spent = performance.now() - begun;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, isWoken || signal.aborted ? 0 : Math.max(SETTLE, wait));
          wakeUp = () => (clearTimeout(timer), resolve());
        });
        await world.clock.sleep(Math.max(SETTLE, spent * REST), signal).catch(() => {});
      }
      signal.removeEventListener('abort', stopped);
    },
    get plan() {
      return plan;
    },
    unitsOf: (task) => byTask.get(task) ?? [],
    known,
    remember: ({ key }, found) => void remembered.set(key, found),
    seen(key, found) {
      const kept = remembered.get(key);
      if (!found || (kept && writeState(kept.state) === writeState(found.state))) remembered.delete(key);
    },
    moment,
    get scanned() {
      return scanned;
    },
  };
}

function failed(error: unknown, signal: AbortSignal, world: World): number {
  if (signal.aborted) return 0;
  if (!(error instanceof PratiqueError)) throw error;
  world.log.warn('Old reports could not be removed', { reason: error.message });
  return LONGEST;
}
