/** An advisory lookup over plain objects, for tests. Every bucket but `vulnerability`, `sources` and `cpe` holds advisories. */
import type { AdvisoryLookup, AdvisoryRecord, DataSource, StoredAdvisory, StoredVulnerability } from '#model';

export interface FakeDatabase {
  readonly advisories?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, StoredAdvisory>>>>>>;
  readonly sources?: Readonly<Record<string, DataSource>>;
  readonly vulnerabilities?: Readonly<Record<string, StoredVulnerability>>;
  /** Red Hat CPE indices by content set or build. */
  readonly cpes?: Readonly<Record<string, readonly number[]>>;
}

export interface CountingLookup extends AdvisoryLookup {
  /** Every call, as `method argument argument`. */
  readonly calls: string[];
}

export function fakeLookup({
  advisories = {},
  sources = {},
  vulnerabilities = {},
  cpes = {},
}: FakeDatabase): CountingLookup {
  const calls: string[] = [];
  const buckets = Object.keys(advisories).sort();
  const records = (bucket: string, name: string): AdvisoryRecord[] =>
    Object.entries(advisories[bucket]?.[name] ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, advisory]) => {
        const source = sources[bucket];
        return { id, bucket, ...(source && { source }), advisory };
      });
  return {
    calls,
    advisories: (bucket, name) => {
      calls.push(`advisories ${bucket} ${name}`);
      return records(bucket, name);
    },
    advisoriesByPrefix: (prefix, name) => {
      calls.push(`advisoriesByPrefix ${prefix} ${name}`);
      const found = buckets.filter((bucket) => bucket.startsWith(prefix)).flatMap((bucket) => records(bucket, name));
      return [...new Map(found.map((record) => [record.id, record])).values()];
    },
    vulnerability: (id) => {
      calls.push(`vulnerability ${id}`);
      return vulnerabilities[id];
    },
    hasBucket: (bucket) => Object.hasOwn(advisories, bucket),
    hasPrefix: (prefix) => buckets.some((bucket) => bucket.startsWith(prefix)),
    redHatCpeIndices: (_, key) => cpes[key],
  };
}
