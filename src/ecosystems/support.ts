/** Which release of its distribution a system is, and whether that release still gets advisories. */
import type { OperatingSystem, PackageRepository } from '#model';
import { releaseOf, type Distribution, type DistributionAdvisories } from './distribution.js';

export interface Support {
  /** As in the end-of-life table, e.g. `3.20` or `18.04-ESM`. */
  readonly release: string;
  readonly endOfLife: boolean;
  /** Whether the end-of-life table knows the release; an unknown one counts as supported. */
  readonly known: boolean;
}

export function supportOf(distribution: Distribution, os: OperatingSystem, now: Date): Support {
  const release = knownRelease(distribution, os, now);
  if (distribution.endOfLife === 'never') return { release, endOfLife: false, known: true };
  const last = lastDay(distribution, release);
  return last === undefined
    ? { release, endOfLife: false, known: false }
    : { release, endOfLife: now.getTime() > last, known: true };
}

/** The advisory bucket of a system. */
export function bucketOf(
  distribution: Distribution,
  advisories: DistributionAdvisories,
  os: OperatingSystem,
  now: Date,
  repository?: PackageRepository,
): string {
  if (advisories.release === undefined && advisories.repositoryOverrides && repository?.release)
    return `${advisories.bucket} ${releaseOf(distribution.release, repository.release)}`;
  const release =
    advisories.release === undefined ? knownRelease(distribution, os, now) : releaseOf(advisories.release, os.name);
  return release ? `${advisories.bucket} ${release}` : advisories.bucket;
}

/**
 * Extended support has advisories of its own only from the end of ordinary support on:
 * an extended release that the table does not list is the ordinary one while that is supported.
 */
function knownRelease(distribution: Distribution, os: OperatingSystem, now: Date): string {
  const base = releaseOf(distribution.release, os.name);
  if (!os.extended || !distribution.extended) return base;
  const extended = base + distribution.extended;
  if (lastDay(distribution, extended) !== undefined) return extended;
  const last = lastDay(distribution, base);
  return last !== undefined && now.getTime() <= last ? base : extended;
}

/** End of the last day of support, in milliseconds. */
function lastDay({ endOfLife }: Distribution, release: string): number | undefined {
  if (endOfLife === 'never' || !Object.hasOwn(endOfLife, release)) return undefined;
  return Date.parse(`${endOfLife[release]}T23:59:59Z`);
}
