/** Whether a report still tells of what runs, and whether it is to be made again now. */
import type { ReportKind } from '../reports/report-kinds.js';
import type { KnownReport } from './follow-workloads.js';
import type { Unit } from './plan-units.js';

export interface Moment {
  readonly now: number;
  readonly database: string;
  /** Milliseconds that a report is good for; 0 for no end. */
  readonly ttl: number;
  /** Hash of the exceptions that count for a report. */
  exceptions(unit: Unit): string;
}

/** Between two failed attempts, milliseconds. */
export const LONGEST_WAIT = 3_600_000;
/** Another replica may have written the time; its clock is believed no further. */
const SKEW = 300_000;

type Kind = Pick<ReportKind, 'usesDatabase' | 'accept'>;

export function isFresh(unit: Unit, kind: Kind, known: KnownReport | undefined, moment: Moment): boolean {
  return isCurrent(unit, kind, known, moment) && isJudged(unit, kind, known, moment);
}

/** Whether it was judged by the exceptions that there are now. */
export function isJudged(unit: Unit, kind: Kind, known: KnownReport | undefined, moment: Moment): boolean {
  return !kind.accept || (known?.state.exceptions ?? '') === moment.exceptions(unit);
}

/** Whether what it says of the image still holds, whatever is accepted of it. */
export function isCurrent(unit: Unit, kind: Kind, known: KnownReport | undefined, moment: Moment): boolean {
  if (!known || !isSame(unit, known) || known.state.phase !== 'Succeeded') return false;
  const { database, lastSuccess } = known.state;
  // What does not depend on advisories holds for as long as the image is the same.
  if (!kind.usesDatabase) return true;
  const age = moment.now - lastSuccess;
  return database === moment.database && (moment.ttl === 0 || (age < moment.ttl && age > -SKEW));
}

/** The last attempt failed, and the next one is not due yet. */
export function isWaiting(unit: Unit, known: KnownReport | undefined, { now }: Moment): boolean {
  if (known?.state.phase !== 'Failed' || !isSame(unit, known)) return false;
  const wait = known.state.nextRetry - now;
  return wait > 0 && wait <= LONGEST_WAIT + SKEW;
}

/** Whether the report is about the unit's image, and belongs to the workload that is there now. */
function isSame(unit: Unit, { state, owner }: KnownReport): boolean {
  const { image, alias, specHash } = state;
  return (
    (image === unit.task || alias === unit.task) && specHash === unit.specHash && owner === unit.owner.reference.uid
  );
}
