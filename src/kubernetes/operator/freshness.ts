/** Whether a report still tells of what runs, and when its image is to be scanned again. */
import type { KnownReport } from './follow-workloads.js';
import type { Unit } from './plan-units.js';
import type { ReportState } from './report-state.js';

export interface Moment {
  readonly now: number;
  readonly database: string;
  /** Milliseconds that a report is good for; 0 for no end. */
  readonly ttl: number;
}

export function isFresh(unit: Unit, known: KnownReport | undefined, moment: Moment): boolean {
  return known !== undefined && isSame(unit, known) && isCurrent(unit.task, known.state, moment);
}

/** Whether what the report tells of the image still holds. */
export function isCurrent(task: string, state: ReportState, { now, database, ttl }: Moment): boolean {
  const { image, alias, phase, lastSuccess } = state;
  const isAbout = image === task || alias === task;
  return isAbout && phase === 'Succeeded' && state.database === database && (ttl === 0 || lastSuccess + ttl > now);
}

export function isDue(unit: Unit, known: KnownReport | undefined, moment: Moment): boolean {
  if (isFresh(unit, known, moment)) return false;
  const waits = known?.state.phase === 'Failed' && isSame(unit, known) && known.state.nextRetry > moment.now;
  return !waits;
}

/** Whether the report is about the unit's image, and belongs to the workload that is there now. */
function isSame(unit: Unit, { state, owner }: KnownReport): boolean {
  const { image, alias, specHash } = state;
  return (
    (image === unit.task || alias === unit.task) && specHash === unit.specHash && owner === unit.owner.reference.uid
  );
}
