/** 0 UNKNOWN … 4 CRITICAL, as the advisory store writes it. */
export type SeverityLevel = 0 | 1 | 2 | 3 | 4;
export type Severity = 'UNKNOWN' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
/** Lowest first. */
export const severities: readonly Severity[] = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

export type Status =
  | 'unknown'
  | 'not_affected'
  | 'affected'
  | 'fixed'
  | 'under_investigation'
  | 'will_not_fix'
  | 'fix_deferred'
  | 'end_of_life';
/** Index = the integer the advisory store writes. */
export const statuses: readonly Status[] = [
  'unknown',
  'not_affected',
  'affected',
  'fixed',
  'under_investigation',
  'will_not_fix',
  'fix_deferred',
  'end_of_life',
];

/** Who published an advisory. Keys of the `data-source` bucket. */
export interface DataSource {
  readonly id: string;
  readonly name?: string;
  readonly url?: string;
  /** Id of the distribution whose packages were rebuilt, for supplier feeds. */
  readonly baseId?: string;
}

/** One source's claim about one package, as stored (all keys of the store's advisory JSON, upstream spelling). */
export interface StoredAdvisory {
  readonly FixedVersion?: string;
  readonly AffectedVersion?: string;
  readonly VulnerableVersions?: readonly string[];
  readonly PatchedVersions?: readonly string[];
  readonly UnaffectedVersions?: readonly string[];
  readonly VendorIDs?: readonly string[];
  readonly Status?: number;
  readonly Severity?: number;
  readonly OSes?: readonly string[];
  readonly Arches?: readonly string[];
  readonly Entries?: readonly StoredEntry[];
  readonly [key: string]: unknown;
}

/** Rocky, Oracle and Red Hat hold several entries per advisory. */
export interface StoredEntry {
  readonly FixedVersion?: string;
  readonly Arches?: readonly string[];
  readonly VendorIDs?: readonly string[];
  readonly Status?: number;
  readonly Cves?: readonly { readonly ID?: string; readonly Severity?: number }[];
  /** Red Hat CPE indices. */
  readonly Affected?: readonly number[];
}

/** An advisory as looked up: its id, the bucket it was found in and that bucket's source. */
export interface AdvisoryRecord {
  readonly id: string;
  readonly bucket: string;
  readonly source?: DataSource;
  readonly advisory: StoredAdvisory;
}

/** Details of a vulnerability by id (upstream spelling of the store's JSON). */
export interface StoredVulnerability {
  readonly Title?: string;
  readonly Description?: string;
  readonly Severity?: string;
  readonly CweIDs?: readonly string[];
  readonly VendorSeverity?: Readonly<Record<string, number>>;
  readonly CVSS?: Readonly<Record<string, StoredCvss>>;
  readonly References?: readonly string[];
  readonly PublishedDate?: string;
  readonly LastModifiedDate?: string;
}

export interface StoredCvss {
  readonly V2Vector?: string;
  readonly V3Vector?: string;
  readonly V40Vector?: string;
  readonly V2Score?: number;
  readonly V3Score?: number;
  readonly V40Score?: number;
}

/** https://www.first.org/epss/ */
export interface ExploitProbability {
  /** Within 30 days, from 0 to 1. */
  readonly score: number;
  /** Of all vulnerabilities, the part with the same or a lower score. */
  readonly percentile: number;
}

/** Look-ups that matching needs; made by the advisory store, and by plain objects in tests. */
export interface AdvisoryLookup {
  /** Advisories of one exact bucket (`alpine 3.20`), in byte order of ids. */
  advisories(bucket: string, packageName: string): readonly AdvisoryRecord[];
  /** Advisories of all buckets whose name starts with `prefix` (`npm::`); an id of a later bucket replaces an earlier one. */
  advisoriesByPrefix(prefix: string, packageName: string): readonly AdvisoryRecord[];
  vulnerability(id: string): StoredVulnerability | undefined;
  hasBucket(bucket: string): boolean;
  /** Any bucket with the prefix exists. */
  hasPrefix(prefix: string): boolean;
  /** Red Hat CPE indices of a content set (`repository`) or a build (`nvr`). */
  redHatCpeIndices(kind: 'repository' | 'nvr', key: string): readonly number[] | undefined;
  /** How likely it is to be exploited (EPSS); only databases with a bucket `EPSS` know any. */
  exploitProbability?(id: string): ExploitProbability | undefined;
  /** Listed as known to be exploited; databases without such a list know none. */
  knownExploited?(id: string): boolean;
}
