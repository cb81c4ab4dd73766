/** A system being matched: what every driver needs to know of it. */
import type { Distribution, DistributionAdvisories } from '#ecosystems';
import type { AdvisoryLookup, OperatingSystem, PackageRepository } from '#model';
import type { Notes } from '../notes.js';

export interface System {
  readonly os: OperatingSystem;
  readonly distribution: Distribution;
  readonly advisories: DistributionAdvisories;
  readonly repository?: PackageRepository;
  readonly lookup: AdvisoryLookup;
  readonly notes: Notes;
  readonly now: Date;
}
