/** What the program knows of a Linux distribution, as data; files under `distributions/`, one line in `distributions.ts`. */
import type { Package } from '#model';
import type { SchemeId } from '#versions';

export interface Distribution {
  /** The family, as detected and reported: `alpine`. */
  readonly id: string;
  readonly title: string;
  readonly docs: string;
  /** Package URL type, and namespace where it is not the family. */
  readonly purl: { readonly type: string; readonly namespace?: string };
  /** How its advisories are found and compared; absent when none are published in a form that can be matched. */
  readonly advisories?: DistributionAdvisories;
  /** Nothing is published to match against, yet the reference lists the packages in its report. */
  readonly listedUnmatched?: boolean;
  /** Which part of the version names a release: in `endOfLife`, and in buckets unless they say otherwise. */
  readonly release: ReleaseRule;
  /** Last day of support of each release, UTC. `never`: rolling, or supported as long as it is published. */
  readonly endOfLife: EndOfLife;
  /** Suffix of a release with extended (paid) support, in `endOfLife` and in buckets. */
  readonly extended?: string;
}

export type EndOfLife = 'never' | Readonly<Record<string, `${number}-${number}-${number}`>>;

/** `major`: up to the first dot; `minor`: the first two components; `exact`: as it stands; `none`: no release. */
export type ReleaseRule = 'none' | 'exact' | 'major' | 'minor' | ((version: string) => string);

export interface DistributionAdvisories {
  readonly scheme: Extract<SchemeId, 'apk' | 'deb' | 'rpm'>;
  /** Name of the advisory bucket; the release follows after a blank, unless `release` is `none`. */
  readonly bucket: string;
  /** The part of the version that follows the bucket's name, where it differs from the distribution's rule. */
  readonly release?: ReleaseRule;
  /**
   * The name advisories go by: of the source package, of the binary one,
   * or of the binary one within its module (`nodejs:18::npm`).
   */
  readonly key: 'source' | 'source-or-binary' | 'binary' | 'module';
  /** Whose version is compared with the fix. */
  readonly compares: 'source' | 'binary';
  /** Whether advisories without a fix are reported. */
  readonly unfixed: boolean;
  /** How one record states its fixes. Default `single`. */
  readonly shape?: 'single' | 'entries' | 'red-hat';
  /** Red Hat only: content sets assumed, by release, for packages whose layer does not name its own. */
  readonly contentSets?: Readonly<Record<string, readonly string[]>>;
  /** The fix is shown as its scheme writes it (a zero epoch left out), not as stored. */
  readonly canonicalFix?: boolean;
  /** Source id of severities that the distribution states per package. */
  readonly severitySource?: string;
  /** The advisory's own status (`will_not_fix`) is reported. */
  readonly statuses?: boolean;
  /** Ids of the vendor's errata are reported. */
  readonly vendorIds?: boolean;
  /** The repository stream of installed packages, when known, counts instead of the version. */
  readonly repositoryOverrides?: boolean;
  /** Packages of other vendors are matched too: the distribution's advisories cover them. */
  readonly coversThirdParty?: boolean;
  /** The version findings show as installed. Default: of the binary package. */
  readonly shows?: 'source';
  /** `oldest`: a package that does not tell its source's version counts as older than every fix. */
  readonly withoutSourceVersion?: 'oldest';
  /** The reference does not report the package id in findings. */
  readonly withoutPackageId?: boolean;
  /** A last word on whether a fix is meant for a package. */
  applies?(pkg: Package, fixedVersion: string): boolean;
}

export function defineDistribution<const T extends Distribution>(distribution: T): T {
  return distribution;
}

/** The part of a version that a rule keeps. */
export function releaseOf(rule: ReleaseRule, version: string): string {
  if (typeof rule === 'function') return rule(version);
  if (rule === 'none') return '';
  if (rule === 'exact') return version;
  const parts = version.split('.');
  return rule === 'major' ? (parts[0] ?? '') : parts.slice(0, 2).join('.');
}
