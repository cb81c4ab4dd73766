/** Matches packages with the advisories of their distribution, in the shape it publishes them. */
import type { Package } from '#model';
import type { Hit } from '../hit.js';
import { matchFixedVersions } from './fixed-versions.js';
import { matchRedHat } from './red-hat.js';
import type { System } from './system.js';

export function matchDistribution(system: System, packages: readonly Package[]): Hit[] {
  return system.advisories.shape === 'red-hat' ? matchRedHat(system, packages) : matchFixedVersions(system, packages);
}
