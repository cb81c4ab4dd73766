/** Someone who rebuilds the packages of a distribution and publishes advisories for the result. */
import type { Distribution } from '#ecosystems';
import type { OperatingSystem, Package } from '#model';
import type { Hit } from '../hit.js';
import type { System } from './system.js';

export interface Supplier {
  readonly id: string;
  /** Whether the system's packages are this supplier's. */
  supplies(distribution: Distribution, os: OperatingSystem, packages: readonly Package[]): boolean;
  /** Whether advisories speak of the package, given who built it. */
  covers(pkg: Package): boolean;
  match(system: System, packages: readonly Package[]): Hit[];
}
