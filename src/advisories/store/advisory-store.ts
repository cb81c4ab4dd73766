/**
 * Looks advisories up in a vulnerability database of schema 2, ours or the reference's.
 * Shape   bbolt: source bucket → package bucket → id = advisory JSON; root buckets `vulnerability` (id = details),
 *         `data-source` (source bucket = who publishes it) and `Red Hat CPE` (`repository`, `nvr` → key = indices).
 * Yields  records in byte order of ids. JSON is parsed for what is asked for only; pages are read when needed.
 * Errors  `db/missing`, `db/unsupported-schema`, and `db/corrupt` with bucket and key: never an empty answer for damage.
 * Source  https://github.com/aquasecurity/trivy-db
 */
import { compact, FormatError, PratiqueError } from '#base';
import { type BoltBucket, type BoltItem, type BoltSource, type BoltStats, openBolt, verifyBolt } from '#formats';
import type {
  AdvisoryLookup,
  AdvisoryRecord,
  DataSource,
  ExploitProbability,
  StoredAdvisory,
  StoredVulnerability,
} from '#model';
import type { DatabaseMetadata } from './database-metadata.js';
import { openFileSource } from './file-source.js';
import { parseAdvisory, parseIndices, parseProbability, parseSource, parseVulnerability } from './stored-json.js';
import { advisorySchema } from './update-decision.js';

/** A database on disk, or in memory (embedded in the program). */
export type StoreLocation = { readonly path: string } | { readonly bytes: Uint8Array };

export interface StoreStats extends Readonly<BoltStats> {
  readonly pageSize: number;
  /** Bytes. */
  readonly size: number;
}

export interface AdvisoryStore extends AdvisoryLookup {
  readonly metadata: DatabaseMetadata;
  readonly stats: StoreStats;
  /** Names of all root buckets in byte order. */
  buckets(): readonly string[];
  /** Reads everything once and throws `db/corrupt` at the first damage, also such as no look-up can see. */
  verify(): void;
  close(): void;
}

export function openAdvisoryStore(location: StoreLocation, metadata: DatabaseMetadata): AdvisoryStore {
  const path = 'path' in location ? location.path : 'embedded database';
  if (metadata.version !== advisorySchema)
    throw new PratiqueError('db/unsupported-schema', { path, version: metadata.version, expected: advisorySchema });
  const file = 'path' in location ? openFileSource(location.path) : undefined;
  try {
    return new BoltStore(path, file ?? memory((location as { readonly bytes: Uint8Array }).bytes), metadata, file);
  } catch (error) {
    file?.close();
    throw corrupt(path, '', error);
  }
}

function memory(bytes: Uint8Array): BoltSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

class BoltStore implements AdvisoryStore {
  readonly metadata: DatabaseMetadata;
  readonly #path: string;
  readonly #source: BoltSource;
  readonly #file: { close(): void } | undefined;
  readonly #database;
  readonly #dataSources = new Map<string, DataSource | undefined>();
  readonly #prefixes = new Map<string, readonly string[]>();
  #roots: ReadonlyMap<string, BoltBucket> | undefined;
  #closed = false;

  constructor(path: string, source: BoltSource, metadata: DatabaseMetadata, file?: { close(): void }) {
    this.#path = path;
    this.#source = source;
    this.#file = file;
    this.metadata = metadata;
    this.#database = openBolt(source);
  }

  get stats(): StoreStats {
    const { pager, stats } = this.#database;
    return { ...stats, pageSize: pager.meta.pageSize, size: this.#source.size };
  }

  advisories(bucket: string, packageName: string): readonly AdvisoryRecord[] {
    return this.#guard(`bucket ${bucket}, package ${packageName}`, () => this.#records(bucket, packageName));
  }

  advisoriesByPrefix(prefix: string, packageName: string): readonly AdvisoryRecord[] {
    const found = this.#withPrefix(prefix)
      .map((bucket) => this.advisories(bucket, packageName))
      .filter((records) => records.length > 0);
    if (found.length <= 1) return found[0] ?? [];
    const byId = new Map<string, AdvisoryRecord>();
    for (const record of found.flat()) byId.set(record.id, record);
    return [...byId.values()].sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
  }

  vulnerability(id: string): StoredVulnerability | undefined {
    return this.#guard(`bucket vulnerability, key ${id}`, () => {
      const item = this.#root('vulnerability')?.get(id);
      return item && parseVulnerability(valueOf(item));
    });
  }

  hasBucket(bucket: string): boolean {
    return this.#root(bucket) !== undefined;
  }

  hasPrefix(prefix: string): boolean {
    return this.#withPrefix(prefix).length > 0;
  }

  redHatCpeIndices(kind: 'repository' | 'nvr', key: string): readonly number[] | undefined {
    return this.#guard(`bucket Red Hat CPE, ${kind} ${key}`, () => {
      const kinds = this.#root('Red Hat CPE')?.get(kind);
      const item = kinds && bucketOf(kinds).get(key);
      return item && parseIndices(valueOf(item));
    });
  }

  knownExploited(id: string): boolean {
    return this.#guard(`bucket KEV, key ${id}`, () => this.#root('KEV')?.get(id) !== undefined);
  }

  exploitProbability(id: string): ExploitProbability | undefined {
    return this.#guard(`bucket EPSS, key ${id}`, () => {
      const item = this.#root('EPSS')?.get(id);
      return item && parseProbability(valueOf(item));
    });
  }

  buckets(): readonly string[] {
    return [...this.#allRoots().keys()];
  }

  verify(): void {
    this.#guard('', () => verifyBolt(this.#database));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file?.close();
  }

  #records(bucket: string, packageName: string): readonly AdvisoryRecord[] {
    const found = this.#root(bucket)?.get(packageName);
    if (!found) return [];
    const source = this.#dataSource(bucket);
    const records: AdvisoryRecord[] = [];
    for (const item of bucketOf(found).items()) {
      const id = item.keyText;
      const advisory = this.#advisory(item, id);
      records.push(source ? { id, bucket, source, advisory } : { id, bucket, advisory });
    }
    return records;
  }

  #advisory(item: BoltItem, id: string): StoredAdvisory {
    try {
      return parseAdvisory(valueOf(item));
    } catch (error) {
      throw error instanceof FormatError ? new FormatError(`key ${id}: ${error.message}`, { cause: error }) : error;
    }
  }

  #dataSource(bucket: string): DataSource | undefined {
    if (this.#dataSources.has(bucket)) return this.#dataSources.get(bucket);
    const source = this.#guard(`bucket data-source, key ${bucket}`, () => {
      const item = this.#root('data-source')?.get(bucket);
      if (!item) return undefined;
      const { ID = '', Name, URL, BaseID } = parseSource(valueOf(item));
      return compact({ id: ID, name: Name, url: URL, baseId: BaseID }) satisfies DataSource;
    });
    this.#dataSources.set(bucket, source);
    return source;
  }

  #withPrefix(prefix: string): readonly string[] {
    let names = this.#prefixes.get(prefix);
    if (!names) {
      names = this.buckets().filter((name) => name.startsWith(prefix));
      this.#prefixes.set(prefix, names);
    }
    return names;
  }

  #root(bucket: string): BoltBucket | undefined {
    return this.#allRoots().get(bucket);
  }

  #allRoots(): ReadonlyMap<string, BoltBucket> {
    if (this.#closed) throw new Error('the advisory store is closed');
    this.#roots ??= this.#guard('', () => {
      const roots = new Map<string, BoltBucket>();
      for (const item of this.#database.root.items()) roots.set(item.keyText, bucketOf(item));
      return roots;
    });
    return this.#roots;
  }

  #guard<T>(place: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw corrupt(this.#path, place, error);
    }
  }
}

function corrupt(path: string, place: string, error: unknown): unknown {
  if (!(error instanceof FormatError)) return error;
  return new PratiqueError('db/corrupt', { path, reason: place ? `${place}: ${error.message}` : error.message }, error);
}

function bucketOf(item: BoltItem): BoltBucket {
  const { bucket } = item;
  if (!bucket) throw new FormatError(`${item.keyText} is a value where a bucket belongs`);
  return bucket;
}

function valueOf(item: BoltItem): string {
  const value = item.valueText;
  if (value === undefined) throw new FormatError(`${item.keyText} is a bucket where a value belongs`);
  return value;
}
