/**
 * Compares the reports there should be with those there are, and queues the images whose reports are missing, old or due for
 * another try. Everything it knows is in the cluster: a new process goes on where the last one ended.
 */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { ScanRecord } from '#scan';
import type { KubernetesClient } from '../client/client.js';
import type { ImageTask } from '../cluster/plan-images.js';
import type { ReportKind } from '../reports/report-kinds.js';
import { digestOf } from '../reports/report-head.js';
import { type ReportState, writeState } from '../reports/report-state.js';
import { writeExceptionStatus } from './exception-status.js';
import type { FollowedExceptions } from './follow-exceptions.js';
import type { Followed, KnownReport } from './follow-workloads.js';
import { isFresh, isJudged, isWaiting, type Moment } from './freshness.js';
import type { KeptDatabase } from './keep-database.js';
import { type Plan, planUnits, type Unit } from './plan-units.js';
import type { WorkQueue } from './work-queue.js';

export interface ReconcileOptions {
  readonly client: KubernetesClient;
  /** The first one tells of failures. */
  readonly kinds: readonly ReportKind[];
  readonly followed: Followed;
  readonly exceptions: FollowedExceptions;
  readonly database: KeptDatabase;
  readonly queue: WorkQueue;
  readonly ttl: number;
  /** Milliseconds that a report outlives what it tells of. */
  readonly removeAfter: number;
  /** Whether what was found in the image is recorded where events come from. */
  isRecorded?(task: ImageTask): boolean;
}

export interface Reconciler {
  /** Again, soon. */
  wake(): void;
  /** The same, since what runs has changed. */
  changed(): void;
  run(signal: AbortSignal): Promise<void>;
  readonly plan: Plan;
  unitsOf(task: string): readonly Unit[];
  known(unit: Unit, kind: ReportKind): KnownReport | undefined;
  /** The reports of a unit to be made now. */
  due(unit: Unit): readonly ReportKind[];
  /** Those, and what holds only for an image that the name of the unit does not mean any more. */
  toWrite(unit: Unit, record: Pick<ScanRecord, 'metadata'>): readonly ReportKind[];
  /** What was just written, until the watch tells the same. */
  remember(unit: Unit, kind: ReportKind, known: KnownReport): void;
  /** What the watch tells. */
  seen(kind: ReportKind, key: string, known: KnownReport | undefined): void;
  moment(): Moment;
  /** Tasks whose reports are all current. */
  readonly scanned: number;
  /** Whether every image that runs was looked at once: its reports are current, or wait after a failure. */
  readonly settled: boolean;
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
  let settled = false;
  let isWoken = false;
  /** Planning anew takes the most time in large clusters; most of what happens there are our own reports. */
  let isStale = true;
  let wakeUp: (() => void) | undefined;
  const remembered = new Map<string, KnownReport>();
  const unwanted = new Map<string, number>();

  const memoryKey = ({ id }: ReportKind, key: string): string => `${id} ${key}`;
  const known = ({ key }: Unit, kind: ReportKind): KnownReport | undefined =>
    remembered.get(memoryKey(kind, key)) ?? options().followed.report(kind, key);
  const moment = (): Moment => ({
    now: world.clock.now().getTime(),
    database: options().database.version ?? '',
    ttl: options().ttl,
    exceptions: (unit) => options().exceptions.active(unit).hash,
  });

  function due(unit: Unit, now = moment()): readonly ReportKind[] {
    const { kinds } = options();
    const waits = (kind: ReportKind): boolean => isWaiting(unit, known(unit, kind), now);
    const isPatient = kinds[0] !== undefined && waits(kinds[0]);
    return kinds.filter((kind) => {
      const report = known(unit, kind);
      // Another look at the exceptions needs no image.
      if (report && !isJudged(unit, kind, report, now)) return true;
      return !isPatient && !isFresh(unit, kind, report, now) && !waits(kind);
    });
  }

  /** Resolves to when the next one is due. */
  async function pass(signal: AbortSignal): Promise<number> {
    const { followed, queue, kinds } = options();
    if (isStale) replan(followed);
    const now = moment();
    let next = now.now + LONGEST;
    let current = 0;
    let isSettled = true;
    queue.keep((task) => byTask.has(task));
    for (const [task, units] of byTask) {
      if (units.every((unit) => kinds.every((kind) => isFresh(unit, kind, known(unit, kind), now)))) {
        current++;
        const image = plan.tasks.get(task);
        if (image && options().isRecorded?.(image) === false) {
          queue.add(task);
          isSettled = false;
        }
        continue;
      }
      if (units.some((unit) => due(unit, now).length > 0)) {
        queue.add(task);
        isSettled = false;
      }
      for (const unit of units) {
        for (const kind of kinds) {
          const retry = known(unit, kind)?.state.nextRetry ?? 0;
          if (retry > now.now) next = Math.min(next, retry);
        }
      }
    }
    scanned = current;
    settled = isSettled && queue.running === 0;
    await removeOld(now.now, signal);
    const { exceptions, client } = options();
    await writeExceptionStatus(exceptions, reportStates(), { client, signal }, world);
    return Math.min(next, exceptions.nextEnd() ?? next) - now.now;
  }

  function* reportStates(): Generator<readonly [string, ReportState]> {
    const judged = options().kinds.filter(({ accept }) => accept);
    for (const unit of plan.units.values()) {
      for (const kind of judged) {
        const state = known(unit, kind)?.state;
        if (state) yield [unit.owner.namespace, state];
      }
    }
  }

  function replan(followed: Followed): void {
    isStale = false;
    plan = planUnits(followed.cluster());
    byTask = new Map();
    for (const unit of plan.units.values()) {
      const list = byTask.get(unit.task);
      if (list) list.push(unit);
      else byTask.set(unit.task, [unit]);
    }
    for (const key of remembered.keys()) if (!plan.units.has(key.slice(key.indexOf(' ') + 1))) remembered.delete(key);
  }

  async function removeOld(now: number, signal: AbortSignal): Promise<void> {
    const { followed, client, removeAfter, kinds } = options();
    const gone = new Set(unwanted.keys());
    for (const kind of kinds) {
      for (const [key] of followed.reports(kind)) {
        if (plan.units.has(key)) continue;
        const memory = memoryKey(kind, key);
        gone.delete(memory);
        const since = unwanted.get(memory) ?? now;
        unwanted.set(memory, since);
        if (now - since < removeAfter) continue;
        const [namespace = '', name = ''] = key.split('/');
        await client.delete(kind.type, name, { namespace, signal });
        unwanted.delete(memory);
      }
    }
    for (const key of gone) unwanted.delete(key);
  }

  function wake(): void {
    isWoken = true;
    wakeUp?.();
  }

  return {
    wake,
    changed() {
      isStale = true;
      wake();
    },
    async run(signal) {
      while (!signal.aborted) {
        const { followed, exceptions, database } = options();
        isWoken = false;
        let wait = LONGEST;
        const begun = performance.now();
        if ((followed.notReady() ?? exceptions.notReady()) === undefined && database.version !== undefined) {
          wait = await pass(signal).catch((error: unknown) => failed(error, signal, world));
        } else wait = SETTLE;
        const spent = performance.now() - begun;
        const waking = new AbortController();
        wakeUp = () => waking.abort(new Error('something changed'));
        if (!isWoken)
          await world.clock.sleep(Math.max(SETTLE, wait), AbortSignal.any([signal, waking.signal])).catch(() => {});
        await world.clock.sleep(Math.max(SETTLE, spent * REST), signal).catch(() => {});
      }
    },
    get plan() {
      return plan;
    },
    unitsOf: (task) => byTask.get(task) ?? [],
    known,
    due: (unit) => due(unit),
    toWrite(unit, record) {
      const now = due(unit);
      if (unit.digest) return now;
      const moved = ({ state }: KnownReport): boolean => state.alias?.split(' ')[0] !== digestOf(record);
      return options().kinds.filter((kind) => {
        const found = known(unit, kind);
        return now.includes(kind) || (found !== undefined && !kind.usesDatabase && moved(found));
      });
    },
    remember: ({ key }, kind, found) => void remembered.set(memoryKey(kind, key), found),
    seen(kind, key, found) {
      const memory = memoryKey(kind, key);
      const kept = remembered.get(memory);
      if (!found || (kept && writeState(kept.state) === writeState(found.state))) remembered.delete(memory);
      wake();
    },
    moment,
    get scanned() {
      return scanned;
    },
    get settled() {
      return settled;
    },
  };
}

function failed(error: unknown, signal: AbortSignal, world: World): number {
  if (signal.aborted) return 0;
  if (!(error instanceof PratiqueError)) throw error;
  world.log.warn('Old reports could not be removed', { reason: error.message });
  return LONGEST;
}
