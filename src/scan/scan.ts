/**
 * The composition: artifact → inventory → match → report. Every face of the program goes through `scan`, or through its two
 * halves. Stages never import each other; this folder joins them.
 */
import type { Report } from '#model';
import { realWorld, type World } from '#platform';
import { openAssessor } from './assess.js';
import { checkTarget } from './check-target.js';
import type { ScanOptions, ScanTarget } from './options.js';
import { takeInventory } from './take-inventory.js';

/** Scans a target and resolves with its report; throws `PratiqueError` when that is not possible. */
export async function scan(target: ScanTarget, options: ScanOptions = {}, world: World = realWorld()): Promise<Report> {
  checkTarget(target, world.cwd);
  const assessor = await openAssessor(options, world);
  try {
    return await assessor.assess(await takeInventory(target, options, world));
  } finally {
    assessor.close();
  }
}
