import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import { makeSqlite } from './fakes/make-sqlite.js';
import type { SqliteValue } from './sqlite-record.js';
import { openSqlite, type SqliteDatabase } from './sqlite.js';
import { bytesSource } from './zip.js';

const blob = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const open = (bytes: Uint8Array): SqliteDatabase => openSqlite(bytesSource(bytes));
const plain = (values: readonly SqliteValue[]): SqliteValue[] =>
  values.map((value) => (value instanceof Uint8Array ? Uint8Array.from(value) : value));

const values: readonly (readonly SqliteValue[])[] = [
  [null, 0, 1, -1, 127, -128],
  [128, -129, 32767, 8388607, -8388608, 2147483648],
  [2 ** 47 - 1, -(2 ** 47), Number.MAX_SAFE_INTEGER, 2n ** 62n, -(2n ** 63n), 0.5],
  ['', 'plain', 'čaj 茶', blob(), blob(0, 255), 'x'.repeat(5000)],
];
const table = (rows: readonly (readonly SqliteValue[])[]) =>
  ({ type: 'table', name: 'Things', sql: 'CREATE TABLE Things (a, b, c, d, e, f)', rows }) as const;

test('values of all kinds read back', () => {
  for (const pageSize of [512, 1024, 4096, 65536]) {
    const database = open(makeSqlite([table(values)], pageSize));
    const rows = [...database.rows(database.table('things')!)];
    assert.deepEqual(
      rows.map((row) => plain(row.values)),
      values,
    );
    assert.deepEqual(
      rows.map((row) => row.rowid),
      [1, 2, 3, 4],
    );
  }
});

test('trees of several levels: scan, row by id', () => {
  const rows = Array.from({ length: 3000 }, (_, i) => [null, `row ${i + 1}`]);
  const database = open(makeSqlite([table(rows)], 512));
  const things = database.table('Things')!;
  assert.deepEqual(
    [...database.rows(things)].map((row) => row.values),
    rows,
  );
  for (const id of [1, 2, 1499, 2999, 3000]) assert.equal(database.row(things, id)?.values[1], `row ${id}`);
  assert.equal(database.row(things, 2999n)?.rowid, 2999);
  for (const id of [0, -5, 3001, 2n ** 62n]) assert.equal(database.row(things, id), undefined);
});

test('equality on the leading columns of an index', () => {
  const entries = Array.from({ length: 900 }, (_, i) => [`name ${i % 90}`, blob(i % 7), i + 1]);
  const index = {
    type: 'index',
    name: 'by_name',
    table: 'Things',
    sql: 'CREATE INDEX by_name ON Things (a, b)',
  } as const;
  const database = open(makeSqlite([table([['x']]), { ...index, rows: entries }], 1024));
  const found = (...key: SqliteValue[]): unknown[] =>
    [...database.seek(database.index('by_name')!, key)].map((e) => e[2]);
  const wanted = (test: (entry: readonly SqliteValue[]) => boolean): unknown[] => entries.filter(test).map((e) => e[2]);
  for (const i of [0, 1, 45, 89]) {
    assert.deepEqual(found(`name ${i}`).sort(), wanted((e) => e[0] === `name ${i}`).sort());
    const both = wanted((e) => e[0] === `name ${i}` && (e[1] as Uint8Array)[0] === 3);
    assert.deepEqual(found(`name ${i}`, blob(3)), both);
  }
  for (const key of ['', 'name', 'name 90', 'zzz', null, 5, blob(1)]) assert.deepEqual(found(key), []);
});

test('text compares by its bytes, not by UTF-16 units', () => {
  const names = ['\u{1f600}', '\ufb01', 'z', 'a'];
  const rows = names.map((name, i) => [name, i]);
  const index = { type: 'index', name: 'i', table: 'Things', sql: 'CREATE INDEX i ON Things (a)', rows } as const;
  const database = open(makeSqlite([table([]), index]));
  names.forEach((name, i) => assert.deepEqual([...database.seek(database.index('i')!, [name])], [[name, i]]));
});

test('what the reader does not know is refused', () => {
  const index = {
    type: 'index',
    name: 'i',
    table: 'Things',
    sql: 'CREATE INDEX i ON Things (a DESC)',
    rows: [['a', 1]],
  };
  const database = open(makeSqlite([table([]), { ...index, type: 'index' }]));
  assert.throws(() => [...database.seek(database.index('i')!, ['a'])], FormatError);
  assert.throws(() => [...database.rows(database.index('i')!)], FormatError);
  assert.throws(() => [...database.seek(database.table('Things')!, ['a'])], FormatError);
  for (const text of ['', 'SQLite format 2\0', 'x'.repeat(200)])
    assert.throws(() => open(Buffer.from(text)), FormatError);
});

test('a damaged page costs its own rows only', () => {
  const bytes = makeSqlite([table(Array.from({ length: 100 }, (_, i) => [`row ${i}`, 'x'.repeat(40)]))], 512);
  bytes[512 * 3] = 99;
  const database = open(bytes);
  const damages: Error[] = [];
  const rows = [...database.rows(database.table('Things')!, (error) => damages.push(error))];
  assert.equal(damages.length, 1);
  assert.ok(rows.length > 80 && rows.length < 100);
  assert.throws(() => [...database.rows(database.table('Things')!)], FormatError);
});

test('a cycle of pages ends', () => {
  const bytes = makeSqlite([table(Array.from({ length: 100 }, () => ['x'.repeat(40)]))], 512);
  const root = open(bytes).table('Things')!.rootPage;
  bytes.writeUInt32BE(root, (root - 1) * 512 + 8);
  const database = open(bytes);
  assert.throws(() => [...database.rows(database.table('Things')!)], /cycle/);
});

test('a record that claims more than the file holds is refused before memory is taken', () => {
  const bytes = makeSqlite([table([['x'.repeat(2000)]])], 512);
  const at = bytes.lastIndexOf(Buffer.from([0x8f, 0x53]));
  for (const claim of [Buffer.from([0x9f, 0xff, 0xff, 0x7f]), Buffer.from([0x8f, 0xff, 0xff, 0x7f])]) {
    const damaged = Buffer.from(bytes);
    claim.copy(damaged, at);
    const database = open(damaged);
    assert.throws(() => [...database.rows(database.table('Things')!)]);
  }
});

test('property: any rows read back', () => {
  const value = fc.oneof(
    fc.constant(null),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
    fc.string({ unit: 'grapheme', maxLength: 900 }),
    fc.uint8Array({ maxLength: 1500 }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.array(value, { minLength: 1, maxLength: 6 }), { maxLength: 30 }),
      fc.constantFrom(512, 1024),
      (rows, size) => {
        const database = open(makeSqlite([table(rows)], size));
        assert.deepEqual(
          [...database.rows(database.table('Things')!)].map((row) => plain(row.values)),
          rows,
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('property: cut anywhere or flipped, it ends with a known error or none', () => {
  const rows = Array.from({ length: 60 }, (_, i) => [i, `name ${i}`, 'x'.repeat((i % 9) * 100)]);
  const index = { type: 'index', name: 'i', table: 'Things', sql: 'CREATE INDEX i ON Things (b)' } as const;
  const good = makeSqlite([table(rows), { ...index, rows: rows.map(([i, name]) => [name!, i!]) }], 512);
  const flip = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(flip, fc.option(fc.nat(good.length)), (flips, cut) => {
      const bytes = Buffer.from(good.subarray(0, cut ?? good.length));
      for (const [at, byte] of flips) if (at < bytes.length) bytes[at] = byte;
      try {
        const database = open(bytes);
        for (const object of database.objects) {
          if (object.type === 'table') {
            Array.from(database.rows(object, () => undefined));
            database.row(object, 30);
          } else Array.from(database.seek(object, ['name 30']));
        }
      } catch (error) {
        assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
      }
    }),
    { numRuns: 400 },
  );
});

const python = spawnSync('python3', ['-c', 'import sqlite3'], { encoding: 'utf8' });

test('a database made by SQLite', { skip: python.status === 0 ? false : 'no python3 with sqlite3' }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'sqlite-'));
  try {
    const path = join(directory, 'db');
    const script = `
import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.execute('PRAGMA journal_mode=WAL') if sys.argv[2] == 'wal' else None
c.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, body BLOB)')
c.execute('CREATE UNIQUE INDEX t_name ON t (name)')
c.executemany('INSERT INTO t VALUES (?, ?, ?)', ((i * 7, 'name %d' % i, bytes([i % 256]) * (i * 3)) for i in range(3000)))
c.execute('DELETE FROM t WHERE id % 3 = 0')
c.commit()
c.close()
`;
    for (const mode of ['delete', 'wal']) {
      const made = spawnSync('python3', ['-c', script, path + mode, mode], { encoding: 'utf8' });
      assert.equal(made.status, 0, made.stderr);
      const database = open(readFileSync(path + mode));
      const t = database.table('t')!;
      const rows = [...database.rows(t)];
      assert.equal(rows.length, 2000);
      for (const { rowid, values: found } of rows) {
        const i = Number(rowid) / 7;
        assert.equal(found[1], `name ${i}`);
        assert.equal((found[2] as Uint8Array).length, i * 3);
      }
      const [entry] = [...database.seek(database.index('t_name')!, ['name 1001'])];
      assert.equal(database.row(t, entry![1] as number)?.values[1], 'name 1001');
      assert.deepEqual([...database.seek(database.index('t_name')!, ['name 1002'])], []);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
