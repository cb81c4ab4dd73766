/**
 * The tree of buckets of a database, from a draft.
 * Shape   as the reference reads it: source bucket → package → id = advisory; `vulnerability` with the details of ids
 *         that some advisory names; `data-source`. Beside them, which it does not look at: `KEV`, `SSVC` and `EPSS` by id, and
 *         `provenance` by source: name, home, licence, date and number of advisories.
 *         Ids that were rejected are left out together with their advisories.
 * Source  https://github.com/aquasecurity/trivy-db (layout); https://www.cisa.gov/ssvc
 */
import { compact } from '#base';
import type { BoltNode } from '#formats';
import type { AdvisorySource } from '../sources/advisory-source.js';
import type { Draft, Packages } from './draft.js';
import type { Recorder } from './vulnerability-record.js';

/** What is stored of an id that no source describes. */
const emptyRecord = {};

export interface BuiltSource {
  readonly source: AdvisorySource;
  /** Of the newest fact, as far as the feed tells. */
  readonly date: string;
  /** Pairs of package and id. */
  readonly advisories: number;
  readonly buckets: readonly string[];
}

export interface DatabaseTree {
  readonly root: ReadonlyMap<string, BoltNode>;
  /** Pairs of package and id in each bucket. */
  readonly counts: ReadonlyMap<string, number>;
  readonly vulnerabilities: number;
}

type Tree = Map<string, BoltNode>;

/** @param describe called once the advisories are counted */
export function databaseTree(
  draft: Draft,
  record: Recorder,
  describe: (counts: ReadonlyMap<string, number>) => readonly BuiltSource[],
): DatabaseTree {
  const root: Tree = new Map();
  const counts = new Map<string, number>();
  const named = new Set<string>();
  for (const [bucket, packages] of draft.buckets) {
    const { tree, count } = bucketTree(packages, draft, named);
    if (count === 0) continue;
    root.set(bucket, tree);
    counts.set(bucket, count);
  }
  let described = 0;
  const vulnerability = valuesOf(named, (id) => {
    const details = draft.details.get(id);
    const known = details && record(details);
    if (known) described++;
    // An empty record tells that the id is known, so that reports can link to it.
    return known ?? emptyRecord;
  });
  const sources = describe(counts);
  root.set('vulnerability', vulnerability);
  root.set('data-source', dataSources(sources));
  root.set(
    'KEV',
    valuesOf(named, (id) => exploitedValue(draft, id)),
  );
  root.set(
    'SSVC',
    valuesOf(named, (id) => decisionValue(draft, id)),
  );
  // Without the feed there is no such bucket: none of the probabilities is known.
  if (draft.probabilities.size > 0)
    root.set(
      'EPSS',
      valuesOf(named, (id) => probabilityValue(draft, id)),
    );
  root.set('provenance', provenance(sources));
  return { root, counts, vulnerabilities: described };
}

function bucketTree(
  packages: Packages,
  draft: Draft,
  named: Set<string>,
): { readonly tree: Tree; readonly count: number } {
  const tree: Tree = new Map();
  let count = 0;
  for (const [name, advisories] of packages) {
    const values: Tree = new Map();
    for (const [id, advisory] of advisories) {
      if (draft.details.get(id)?.rejected) continue;
      named.add(id);
      values.set(id, json(advisory));
    }
    if (values.size > 0) tree.set(name, values);
    count += values.size;
  }
  return { tree, count };
}

function valuesOf(ids: Iterable<string>, valueOf: (id: string) => object | undefined): Tree {
  const tree: Tree = new Map();
  for (const id of ids) {
    const value = valueOf(id);
    if (value) tree.set(id, json(value));
  }
  return tree;
}

function exploitedValue({ exploited }: Draft, id: string): object | undefined {
  const known = exploited.get(id);
  return known && compact({ DateAdded: known.added, DueDate: known.due, Ransomware: known.ransomware });
}

function probabilityValue({ probabilities }: Draft, id: string): object | undefined {
  const known = probabilities.get(id);
  return known && { Score: known.score, Percentile: known.percentile };
}

function decisionValue({ decisions }: Draft, id: string): object | undefined {
  const known = decisions.get(id);
  if (!known) return undefined;
  const { exploitation, automatable, technicalImpact } = known;
  return { Exploitation: exploitation, Automatable: automatable, TechnicalImpact: technicalImpact };
}

function dataSources(sources: readonly BuiltSource[]): Tree {
  const tree: Tree = new Map();
  for (const { source, buckets } of sources)
    for (const bucket of buckets) tree.set(bucket, json({ ID: source.id, Name: source.title, URL: source.url }));
  return tree;
}

function provenance(sources: readonly BuiltSource[]): Tree {
  return new Map(
    sources.map(({ source, date, advisories }) => [
      source.id,
      json({ Name: source.title, URL: source.url, License: source.license, Date: date, Advisories: advisories }),
    ]),
  );
}

const encoder = new TextEncoder();

function json(value: object): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}
