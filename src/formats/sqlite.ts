/**
 * Read-only SQLite: the schema, table scans, rows by row id, equality look-ups in indexes.
 * Reads   positioned pages; never the whole file. The last checkpoint only: a write-ahead log is not replayed.
 * Not     `WITHOUT ROWID` tables, and indexes with `COLLATE` or `DESC`: refused with a `FormatError`.
 * Limits  every page is visited at most once per scan, trees are at most 32 levels deep; 64 MiB a record.
 * Errors  `FormatError`, `LimitError`. A scan goes on behind a damaged page or row when `damaged` is given.
 * Source  https://www.sqlite.org/fileformat2.html
 */
import { FormatError, LimitError } from '#base';
import { SqlitePages, type TreePage } from './sqlite-pages.js';
import { compareValues, decodeRecord, type SqliteValue } from './sqlite-record.js';
import type { ByteSource } from './zip.js';

const MAX_DEPTH = 32;
const MAX_DAMAGES = 10_000;

export interface SqliteObject {
  readonly type: 'table' | 'index';
  readonly name: string;
  /** The table an index belongs to; for a table its own name. */
  readonly table: string;
  readonly rootPage: number;
  /** Absent for indexes that a constraint made. */
  readonly sql?: string;
}

export interface SqliteRow {
  readonly rowid: number | bigint;
  /** In declared order. A column that is an alias of the row id (`INTEGER PRIMARY KEY`) is `null`. */
  readonly values: readonly SqliteValue[];
}

/** Told of each damaged part that a scan leaves out. */
export type OnDamage = (error: FormatError | LimitError) => void;

export interface SqliteDatabase {
  readonly objects: readonly SqliteObject[];
  /** Names compare without case, as in SQL. */
  table(name: string): SqliteObject | undefined;
  index(name: string): SqliteObject | undefined;
  /** All rows, by row id. */
  rows(table: SqliteObject, damaged?: OnDamage): Generator<SqliteRow>;
  row(table: SqliteObject, rowid: number | bigint): SqliteRow | undefined;
  /** Index entries (indexed columns, then the row id) whose leading columns equal `key`. */
  seek(index: SqliteObject, key: readonly SqliteValue[]): Generator<readonly SqliteValue[]>;
}

export function openSqlite(source: ByteSource): SqliteDatabase {
  const pages = new SqlitePages(source);
  const objects = readSchema(pages);
  const find = (type: SqliteObject['type'], name: string): SqliteObject | undefined =>
    objects.find((object) => object.type === type && object.name.toLowerCase() === name.toLowerCase());
  return {
    objects,
    table: (name) => find('table', name),
    index: (name) => find('index', name),
    rows: (table, damaged) => scan(pages, table.rootPage, damaged),
    row: (table, rowid) => rowById(pages, table.rootPage, rowid),
    seek: (index, key) => {
      if (/\b(?:COLLATE|DESC)\b/i.test(index.sql ?? '')) {
        throw new FormatError(`SQLite: index ${index.name} has an order this reader does not know`);
      }
      return seekIn(pages, index.rootPage, key, 0, { left: pages.count });
    },
  };
}

function readSchema(pages: SqlitePages): SqliteObject[] {
  const objects: SqliteObject[] = [];
  for (const { values } of scan(pages, 1)) {
    const [type, name, table, rootPage, sql] = values;
    if ((type !== 'table' && type !== 'index') || typeof name !== 'string' || typeof table !== 'string') continue;
    // Virtual tables have no pages of their own.
    if (typeof rootPage !== 'number' || rootPage < 1) continue;
    objects.push({ type, name, table, rootPage, ...(typeof sql === 'string' && { sql }) });
  }
  return objects;
}

/** Depth first over table pages; one frame a level, so that damage ends one branch only. */
function* scan(pages: SqlitePages, rootPage: number, onDamage?: OnDamage): Generator<SqliteRow> {
  const seen = new Set<number>();
  const damaged = onDamage && limited(onDamage);
  const stack: { page: TreePage; next: number }[] = [];
  const enter = (number: number): void => {
    const page = attempt(() => openTablePage(pages, number, stack.length, seen), damaged);
    if (page) stack.push({ page, next: 0 });
  };
  enter(rootPage);
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const { page } = frame;
    const i = frame.next++;
    if (page.kind === 'table-leaf') {
      const row = i < page.cells ? attempt(() => decodeRow(pages, page, i), damaged) : undefined;
      if (row) yield row;
      if (i >= page.cells) stack.pop();
    } else if (i > page.cells) stack.pop();
    else {
      const child = i === page.cells ? page.rightmost : attempt(() => pages.child(page, i), damaged);
      if (child !== undefined) enter(child);
    }
  }
}

function openTablePage(pages: SqlitePages, number: number, depth: number, seen: Set<number>): TreePage {
  if (depth > MAX_DEPTH || seen.has(number)) throw new FormatError('SQLite: the b-tree has a cycle');
  seen.add(number);
  return expectTable(pages.tree(number));
}

/** A file that is damage all over would take too long to go through. */
function limited(onDamage: OnDamage): OnDamage {
  let left = MAX_DAMAGES;
  return (error) => {
    if (left-- <= 0) throw error;
    onDamage(error);
  };
}

function expectTable(page: TreePage): TreePage {
  if (page.kind.startsWith('index')) throw new FormatError('SQLite: a table without row ids');
  return page;
}

function decodeRow(pages: SqlitePages, page: TreePage, index: number): SqliteRow {
  return { rowid: pages.rowid(page, index), values: decodeRecord(pages.payload(page, index), pages.encoding) };
}

function attempt<T>(read: () => T, damaged: OnDamage | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (damaged && (error instanceof FormatError || error instanceof LimitError)) {
      damaged(error);
      return undefined;
    }
    throw error;
  }
}

function rowById(pages: SqlitePages, rootPage: number, rowid: number | bigint): SqliteRow | undefined {
  let number = rootPage;
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const page = expectTable(pages.tree(number));
    const at = lowerBound(page.cells, (i) => (pages.rowid(page, i) < rowid ? -1 : 0));
    if (page.kind === 'table-leaf') {
      // oxlint-disable-next-line eqeqeq -- 5 == 5n, and either may be a bigint
      return at < page.cells && pages.rowid(page, at) == rowid ? decodeRow(pages, page, at) : undefined;
    }
    number = at < page.cells ? pages.child(page, at) : page.rightmost;
  }
  throw new FormatError('SQLite: the b-tree has a cycle');
}

function* seekIn(
  pages: SqlitePages,
  number: number,
  key: readonly SqliteValue[],
  depth: number,
  budget: { left: number },
): Generator<readonly SqliteValue[]> {
  if (depth > MAX_DEPTH || budget.left-- <= 0) throw new FormatError('SQLite: the b-tree has a cycle');
  const page = pages.tree(number);
  if (page.kind.startsWith('table')) throw new FormatError('SQLite: not an index');
  const interior = page.kind === 'index-interior';
  const leading = (i: number): number => comparePrefix(pages, pages.payload(page, i), key);
  for (let i = lowerBound(page.cells, leading); i < page.cells; i++) {
    if (interior) yield* seekIn(pages, pages.child(page, i), key, depth + 1, budget);
    if (leading(i) !== 0) return;
    yield decodeRecord(pages.payload(page, i), pages.encoding);
  }
  if (interior) yield* seekIn(pages, page.rightmost, key, depth + 1, budget);
}

function comparePrefix(pages: SqlitePages, payload: Uint8Array, key: readonly SqliteValue[]): number {
  const values = decodeRecord(payload, pages.encoding, key.length);
  for (let i = 0; i < key.length; i++) {
    const order = compareValues(values[i] ?? null, key[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** The first index that `compare` does not place before the key. */
function lowerBound(count: number, compare: (index: number) => number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(middle) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
