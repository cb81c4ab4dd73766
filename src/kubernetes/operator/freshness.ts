/** Whether a report still tells of what runs, and when its image is to be scanned again. */
import type { KnownReport } from './follow-workloads.js';
import type { Unit } from './plan-units.js';
import type { ReportState } from './report-state.js';

export interface Moment {
  readonly now: number;
  readonly database: string;
  /** Milliseconds that a report is good for; 0 for no end. */
  readonly ttl: number;
  /** Hash of the exceptions that count for a report. */
  exceptions(unit: Unit): string;
}

export function isFresh(unit: Unit, known: KnownReport | undefined, moment: Moment): boolean {
  return known !== undefined && isScanned(unit, known, moment) && isJudged(unit, known, moment);
}

/** Whether the findings still hold, whatever is accepted of them. */
const isScanned = (unit: Unit, known: KnownReport, moment: Moment): boolean =>
  isSame(unit, known) && isCurrent(unit.task, known.state, moment);

const isJudged = (unit: Unit, known: KnownReport, moment: Moment): boolean =>
  (known.state.exceptions ?? '') === moment.exceptions(unit);

/** Whether what the report tells of the image still holds. */
export function isCurrent(
  task: string,
  state: ReportState,
  { now, database, ttl }: Omit<Moment, 'exceptions'>,
): boolean {
  const { image, alias, phase, lastSuccess } = state;
  const isAbout = image === task || alias === task;
  return isAbout && phase === 'Succeeded' && state.database === database && (ttl === 0 || lastSuccess + ttl > now);
}

export function isDue(unit: Unit, known: KnownReport | undefined, moment: Moment): boolean {
  return needsScan(unit, known, moment) || (known !== undefined && !isJudged(unit, known, moment));
}

/** Due for more than another look at the exceptions. */
export function needsScan(unit: Unit, known: KnownReport | undefined, moment: Moment): boolean {
  if (!known) return true;
  const waits = known.state.phase === 'Failed' && isSame(unit, known) && known.state.nextRetry > moment.now;
  return !waits && !isScanned(unit, known, moment);
}

/** Whether the report is about the unit's image, and belongs to the workload that is there now. */
function isSame(unit: Unit, { state, owner }: KnownReport): boolean {
  const { image, alias, specHash } = state;
  return (
    (image === unit.task || alias === unit.task) && specHash === unit.specHash && owner === unit.owner.reference.uid
  );
}
