import { severities } from '#model';
import type { FactFinding } from './image-facts.js';

/** Worst first: exploited, by severity, fixable, by id. */
export function severityOrder(a: FactFinding, b: FactFinding): number {
  return rank(b) - rank(a) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

const rank = ({ severity, exploited, fixedVersion }: FactFinding): number =>
  (exploited ? 100 : 0) + 10 * severities.indexOf(severity) + (fixedVersion === undefined ? 0 : 1);
