/**
 * The work on one image: what is in it is found once, compared with the advisory database, and told to every container that
 * runs it. A failure is written too, with the time of the next try.
 */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { Assessor } from '#scan';
import type { ImageTask } from '../cluster/plan-images.js';
import type { Histories } from '../history/keep-histories.js';
import { type ArchiveOptions, openArchive } from '../report-store/archive.js';
import { type Assessment, factsOf } from '../reports/report-head.js';
import type { MakeBody, ReportKind } from '../reports/report-kinds.js';
import type { FindInventory, FoundInventory } from './find-inventory.js';
import { isCurrent, isJudged, isWaiting } from './freshness.js';
import type { KeptDatabase } from './keep-database.js';
import type { Unit } from './plan-units.js';
import type { Reconciler } from './reconcile.js';
import type { UnitWriter } from './unit-writer.js';

export interface ScanUnitsOptions {
  readonly kinds: readonly ReportKind[];
  readonly reconciler: Reconciler;
  readonly writer: UnitWriter;
  readonly database: KeptDatabase;
  readonly findInventory: FindInventory;
  /** Where whole reports are kept, when they are. */
  readonly store?: ArchiveOptions;
  /** Of this program. */
  readonly version: string;
  readonly signal: AbortSignal;
  /** Where events are told: what was found is recorded before any report is written. */
  readonly histories?: Pick<Histories, 'knows' | 'record' | 'postpone'>;
}

const WRITERS = 4;

/** A function of the key of an image; it says of failures itself. */
export function createScanUnits(options: ScanUnitsOptions, world: World): (task: string) => Promise<void> {
  const { reconciler, writer, signal, histories } = options;
  return async (key) => {
    const dueUnits = (): Unit[] => reconciler.unitsOf(key).filter((unit) => reconciler.due(unit).length > 0);
    const task = reconciler.plan.tasks.get(key);
    if (!task || (dueUnits().length === 0 && (!histories || histories.knows(task)))) return;
    try {
      await work(task, dueUnits, options, world);
    } catch (error) {
      if (signal.aborted) return;
      histories?.postpone(task);
      if (error instanceof PratiqueError) {
        world.log.warn('An image could not be assessed', { image: task.references[0], reason: error.message });
        await forEach(dueUnits(), (unit) => writer.failure(unit, error.code, error.message));
        return reconciler.wake();
      }
      const message = error instanceof Error ? error.message : String(error);
      // One image must not end the work on all others.
      world.log.error(`a bug in pratique: ${message}`, { image: key });
      if (error instanceof Error && world.log.debugging) world.log.debug(error.stack ?? '');
      await forEach(dueUnits(), (unit) => writer.failure(unit, 'bug', `a bug in pratique: ${message}`));
    }
    reconciler.wake();
  };
}

async function work(
  task: ImageTask,
  dueUnits: () => readonly Unit[],
  options: ScanUnitsOptions,
  world: World,
): Promise<void> {
  const { reconciler, writer, database, findInventory, signal, histories } = options;
  await judgeAgain(dueUnits(), options);
  if (dueUnits().length === 0 && (!histories || histories.knows(task))) return;
  const digest = reconciler.unitsOf(task.key).find((unit) => unit.digest)?.digest;
  const taken = await findInventory(task, digest);
  if (signal.aborted) return;
  if ('record' in taken) {
    return database.use((assessor, version) => tell(task, taken, { assessor, database: version }, dueUnits, options));
  }
  histories?.postpone(task);
  world.log.warn('An image could not be scanned', { image: task.references[0], reason: taken.error });
  await forEach(dueUnits(), (unit) => writer.failure(unit, taken.code ?? 'scan/failed', taken.error));
}

/** Reports that hold, but for what is accepted of their findings: for these the image need not be known. */
async function judgeAgain(units: readonly Unit[], { kinds, reconciler, writer }: ScanUnitsOptions): Promise<void> {
  const now = reconciler.moment();
  for (const kind of kinds.filter(({ accept }) => accept)) {
    const only = units.filter((unit) => {
      const known = reconciler.known(unit, kind);
      const holds = isCurrent(unit, kind, known, now) || isWaiting(unit, known, now);
      return holds && !isJudged(unit, kind, known, now);
    });
    await forEach(only, (unit) => writer.judge(unit, kind));
  }
}

async function tell(
  task: ImageTask,
  { record, platform }: FoundInventory,
  { assessor, database }: { readonly assessor: Assessor; readonly database: string },
  dueUnits: () => readonly Unit[],
  { reconciler, writer, version, histories, store }: ScanUnitsOptions,
): Promise<void> {
  const report = await assessor.assess(record);
  const assessment: Assessment = { report, platform, version, ...factsOf(assessor) };
  await histories?.record(task, assessment);
  const archive = store && openArchive(store, record, platform);
  const prepared = new Map<ReportKind, Promise<MakeBody>>();
  const makerOf = (kind: ReportKind): Promise<MakeBody> => {
    const maker = prepared.get(kind) ?? kind.prepare(assessment);
    prepared.set(kind, maker);
    return maker;
  };
  await forEach(dueUnits(), async (unit) => {
    for (const kind of reconciler.toWrite(unit, record)) {
      const make = await makerOf(kind);
      await writer.success(unit, kind, database, (former) => make(unit, former), archive);
    }
  });
}

async function forEach(units: readonly Unit[], write: (unit: Unit) => Promise<void>): Promise<void> {
  const queue = units.values();
  const one = async (): Promise<void> => {
    for (const unit of queue) await write(unit);
  };
  await Promise.all(Array.from({ length: WRITERS }, one));
}
