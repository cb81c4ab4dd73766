/**
 * Writes small SQLite databases: input for tests of everything that reads them.
 * Tables of rows in order of their row ids, indexes of sorted entries; trees of as many levels as they need.
 * Limits  UTF-8, `CREATE` statements are not checked against the rows; no free pages; 1 leaf for the schema.
 * Source  https://www.sqlite.org/fileformat2.html
 */
import { compareValues, type SqliteValue } from '../sqlite-record.js';

export interface SqliteContent {
  readonly type: 'table' | 'index';
  readonly name: string;
  /** For an index, the table it belongs to. */
  readonly table?: string;
  readonly sql: string;
  /** Rows in order (row ids 1, 2, …), or index entries in any order. */
  readonly rows: readonly (readonly SqliteValue[])[];
}

export function makeSqlite(contents: readonly SqliteContent[], pageSize = 1024): Buffer {
  const writer = new PageWriter(pageSize);
  const schema = contents.map(({ type, name, table, sql, rows }) => {
    const root = type === 'table' ? writer.table(rows) : writer.index(rows);
    return [type, name, table ?? name, root, sql];
  });
  return writer.finish(schema);
}

interface Child {
  readonly page: number;
  /** Table: the largest row id below. */
  readonly key: number;
}

class PageWriter {
  readonly #pages: Buffer[];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
    this.#pages = [Buffer.alloc(size)];
  }

  table(rows: readonly (readonly SqliteValue[])[]): number {
    const cells = rows.map((row, i) => {
      const payload = record(row);
      return this.#cell(Buffer.concat([varint(payload.length), varint(i + 1)]), payload, this.#size - 35);
    });
    let level: Child[] = [];
    let next = 0;
    for (const group of this.#groups(cells, 8)) {
      next += group.length;
      level.push({ page: this.#tree(13, group, 0), key: next });
    }
    while (level.length > 1) {
      const children = level;
      level = [];
      const cellOf = ({ page, key }: Child): Buffer => Buffer.concat([uint32(page), varint(key)]);
      const perPage = Math.max(Math.floor((this.#size - 20) / 15), 2);
      for (let i = 0; i < children.length; i += perPage) {
        const part = children.slice(i, i + perPage);
        const last = part.at(-1)!;
        level.push({ page: this.#tree(5, part.slice(0, -1).map(cellOf), last.page), key: last.key });
      }
    }
    return level[0]!.page;
  }

  /** Two levels at most: leaves, with one entry between each two of them in the root. */
  index(entries: readonly (readonly SqliteValue[])[]): number {
    const sorted = [...entries].sort(compareEntries);
    const most = Math.floor(((this.#size - 12) * 64) / 255) - 23;
    const cells = sorted.map((entry) => {
      const payload = record(entry);
      return this.#cell(varint(payload.length), payload, most);
    });
    const groups = this.#groups(cells, 8);
    if (groups.length === 1) return this.#tree(10, groups[0]!, 0);
    const between: Buffer[] = [];
    const pages = groups.map((group, i) => {
      const last = i === groups.length - 1 ? undefined : group.at(-1)!;
      const page = this.#tree(10, last ? group.slice(0, -1) : group, 0);
      if (last) between.push(Buffer.concat([uint32(page), last]));
      return page;
    });
    return this.#tree(2, between, pages.at(-1)!);
  }

  finish(schema: readonly (readonly SqliteValue[])[]): Buffer {
    const cells = schema.map((row, i) => {
      const payload = record(row);
      return Buffer.concat([varint(payload.length), varint(i + 1), payload]);
    });
    this.#write(this.#pages[0]!, 100, 13, cells, 0);
    const header = this.#pages[0]!;
    header.write('SQLite format 3\0', 0, 'latin1');
    header.writeUInt16BE(this.#size === 65536 ? 1 : this.#size, 16);
    header.set([1, 1, 0, 64, 32, 32], 18);
    header.writeUInt32BE(this.#pages.length, 28);
    header.writeUInt32BE(4, 44);
    header.writeUInt32BE(1, 56);
    return Buffer.concat(this.#pages);
  }

  /** Cells of one page after another, all that fit. */
  #groups(cells: readonly Buffer[], header: number): Buffer[][] {
    const groups: Buffer[][] = [[]];
    let room = this.#size - header;
    for (const cell of cells) {
      const cost = cell.length + 2 + 4;
      if (cost > room) {
        groups.push([]);
        room = this.#size - header - 4;
      }
      groups.at(-1)!.push(cell);
      room -= cost;
    }
    return groups;
  }

  #cell(head: Buffer, payload: Buffer, most: number): Buffer {
    if (payload.length <= most) return Buffer.concat([head, payload]);
    const least = Math.floor(((this.#size - 12) * 32) / 255) - 23;
    const fitting = least + ((payload.length - least) % (this.#size - 4));
    const local = fitting <= most ? fitting : least;
    return Buffer.concat([head, payload.subarray(0, local), uint32(this.#overflow(payload.subarray(local)))]);
  }

  #overflow(rest: Buffer): number {
    const first = this.#pages.length + 1;
    for (let at = 0; at < rest.length; at += this.#size - 4) {
      const page = Buffer.alloc(this.#size);
      const more = at + this.#size - 4 < rest.length;
      page.writeUInt32BE(more ? this.#pages.length + 2 : 0, 0);
      rest.copy(page, 4, at, at + this.#size - 4);
      this.#pages.push(page);
    }
    return first;
  }

  #tree(type: number, cells: readonly Buffer[], rightmost: number): number {
    const page = Buffer.alloc(this.#size);
    this.#write(page, 0, type, cells, rightmost);
    return this.#pages.push(page);
  }

  #write(page: Buffer, start: number, type: number, cells: readonly Buffer[], rightmost: number): void {
    page[start] = type;
    page.writeUInt16BE(cells.length, start + 3);
    if (type < 10) page.writeUInt32BE(rightmost, start + 8);
    const pointers = start + (type < 10 ? 12 : 8);
    let end = this.#size;
    cells.forEach((cell, i) => {
      end -= cell.length;
      if (end < pointers + cells.length * 2) throw new RangeError('cells do not fit their page');
      cell.copy(page, end);
      page.writeUInt16BE(end, pointers + i * 2);
    });
    page.writeUInt16BE(end % 65536, start + 5);
  }
}

function compareEntries(a: readonly SqliteValue[], b: readonly SqliteValue[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareValues(a[i] ?? null, b[i] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function record(values: readonly SqliteValue[]): Buffer {
  const parts = values.map(serial);
  const types = Buffer.concat(parts.map(({ type }) => varint(type)));
  // The length counts itself: one byte, or two when that makes it longer than 127.
  const length = types.length + 1 > 127 ? types.length + 2 : types.length + 1;
  return Buffer.concat([varint(length), types, ...parts.map(({ body }) => body)]);
}

function serial(value: SqliteValue): { type: number; body: Buffer } {
  if (value === null) return { type: 0, body: Buffer.alloc(0) };
  if (typeof value === 'string') {
    const body = Buffer.from(value);
    return { type: 13 + body.length * 2, body };
  }
  if (value instanceof Uint8Array) return { type: 12 + value.length * 2, body: Buffer.from(value) };
  if (value === 0 || value === 1) return { type: 8 + value, body: Buffer.alloc(0) };
  const body = Buffer.alloc(8);
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    body.writeDoubleBE(value);
    return { type: 7, body };
  }
  body.writeBigInt64BE(BigInt(value));
  for (const [type, bytes] of [1, 2, 3, 4, 6].map((size, i) => [i + 1, size] as const)) {
    const bits = bytes * 8;
    if (BigInt.asIntN(bits, BigInt(value)) === BigInt(value)) return { type, body: body.subarray(8 - bytes) };
  }
  return { type: 6, body };
}

function varint(value: number): Buffer {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift((rest % 128) | 0x80);
  return Buffer.from(bytes);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
