/**
 * What all sources say, gathered: advisories by bucket, package and id; details by id.
 * Statements of one source about the same thing are merged so that nothing vulnerable is lost: the highest fix counts,
 * vulnerable ranges add up. Keys the store cannot hold are refused with a reason.
 */
import type { StoredAdvisory } from '#model';
import { scheme, type SchemeId } from '#versions';
import type {
  AdvisoryStatement,
  DecisionStatement,
  DetailsStatement,
  ExploitedStatement,
  ProbabilityStatement,
  Rating,
} from '../sources/advisory-source.js';

export type Advisories = Map<string, StoredAdvisory>;
export type Packages = Map<string, Advisories>;

export interface DraftDetails {
  rejected: boolean;
  published?: string;
  modified?: string;
  weaknesses: readonly string[];
  /** By provider, in the order of the statements. */
  readonly ratings: Map<string, Rating>;
}

const longestKey = 1024;

export class Draft {
  readonly buckets = new Map<string, Packages>();
  readonly details = new Map<string, DraftDetails>();
  readonly exploited = new Map<string, ExploitedStatement>();
  readonly decisions = new Map<string, DecisionStatement>();
  readonly probabilities = new Map<string, ProbabilityStatement>();

  /** @returns why not, when the statement cannot be kept */
  addAdvisory(statement: AdvisoryStatement, versions: SchemeId | undefined): string | undefined {
    const { bucket, package: name, id, advisory } = statement;
    for (const key of [name, id])
      if (key === '' || Buffer.byteLength(key) > longestKey)
        return `${key.slice(0, 40)}: not a name that can be stored`;
    const packages = entry(this.buckets, bucket, () => new Map<string, Advisories>());
    const advisories = entry(packages, name, () => new Map<string, StoredAdvisory>());
    const known = advisories.get(id);
    advisories.set(id, known ? merge(known, advisory, versions) : advisory);
    return undefined;
  }

  addDetails({ id, ratings = [], weaknesses = [], published, modified, rejected = false }: DetailsStatement): void {
    const known = entry(
      this.details,
      id,
      () => ({ rejected: false, weaknesses: [], ratings: new Map() }) as DraftDetails,
    );
    known.rejected ||= rejected;
    if (known.weaknesses.length === 0) known.weaknesses = weaknesses;
    if (published) known.published ??= published;
    if (modified) known.modified ??= modified;
    for (const rating of ratings) {
      const before = known.ratings.get(rating.provider);
      known.ratings.set(rating.provider, before ? bothRatings(before, rating) : rating);
    }
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function bothRatings(a: Rating, b: Rating): Rating {
  return { ...b, ...a, vectors: union(a.vectors, b.vectors), scores: [...(a.scores ?? []), ...(b.scores ?? [])] };
}

function merge(a: StoredAdvisory, b: StoredAdvisory, versions: SchemeId | undefined): StoredAdvisory {
  const merged: Record<string, unknown> = { ...a, ...b, ...higherFix(a, b, versions) };
  for (const field of ['VulnerableVersions', 'PatchedVersions', 'UnaffectedVersions', 'VendorIDs'] as const) {
    const all = union(a[field], b[field]);
    if (all.length > 0) merged[field] = all;
  }
  for (const field of ['OSes', 'Arches'] as const) {
    // Without the field it concerns all of them.
    if (a[field] && b[field]) merged[field] = union(a[field], b[field]).sort();
    else delete merged[field];
  }
  return merged;
}

/** A fix wins over none, as the state of a release changes that way. */
function higherFix(a: StoredAdvisory, b: StoredAdvisory, versions: SchemeId | undefined): StoredAdvisory {
  const [x, y] = [a.FixedVersion, b.FixedVersion];
  if (!x || !y) return {};
  const order = versions ? scheme(versions).compare(x, y) : undefined;
  return { FixedVersion: (order ?? -1) < 0 ? y : x };
}

function union(a: readonly string[] = [], b: readonly string[] = []): string[] {
  return [...new Set([...a, ...b])];
}
