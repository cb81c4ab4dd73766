import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { bytesSource, type SqliteValue } from '#formats';
import { makeSqlite } from '#formats/fakes';
import { assertSurvivesBytes } from '../binary-file.test.kit.js';
import { openJavaDatabase } from './java-database.js';

const artifacts = [
  ['org.a', 'core'],
  ['org.b', 'core'],
  ['org.c', 'other'],
] as const;
const hash = (byte: number): Uint8Array => new Uint8Array(20).fill(byte);
const indices: readonly (readonly [artifact: number, version: string, sha1: Uint8Array, type: string])[] = [
  [1, '1.0', hash(1), 'jar'],
  [2, '1.0', hash(2), 'jar'],
  [2, '2.0', hash(3), 'jar'],
  [3, '1.0', hash(4), 'aar'],
];

const number = <T extends readonly SqliteValue[]>(
  rows: readonly T[],
  pick: (row: T) => SqliteValue[],
): SqliteValue[][] => rows.map((row, index) => [...pick(row), index + 1]);

const database = makeSqlite([
  {
    type: 'table',
    name: 'artifacts',
    sql: 'CREATE TABLE artifacts(id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT)',
    rows: artifacts.map(([group, artifact]) => [null, group, artifact]),
  },
  {
    type: 'table',
    name: 'indices',
    sql: 'CREATE TABLE indices(artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT)',
    rows: indices,
  },
  {
    type: 'index',
    name: 'artifacts_idx',
    table: 'artifacts',
    sql: 'CREATE UNIQUE INDEX artifacts_idx ON artifacts(artifact_id, group_id)',
    rows: number(artifacts, ([group, artifact]) => [artifact, group]),
  },
  {
    type: 'index',
    name: 'indices_artifact_idx',
    table: 'indices',
    sql: 'CREATE INDEX indices_artifact_idx ON indices(artifact_id)',
    rows: number(indices, ([artifact]) => [artifact]),
  },
  {
    type: 'index',
    name: 'indices_sha1_idx',
    table: 'indices',
    sql: 'CREATE UNIQUE INDEX indices_sha1_idx ON indices(sha1)',
    rows: number(indices, ([, , sha1]) => [sha1]),
  },
]);

test('look-ups', () => {
  const java = openJavaDatabase(bytesSource(database));
  assert.deepEqual(java.bySha1(hash(3)), { group: 'org.b', artifact: 'core', version: '2.0' });
  assert.equal(java.bySha1(hash(9)), undefined);
  assert.ok(java.exists('org.a', 'core'));
  assert.ok(!java.exists('org.c', 'core'));
  assert.equal(java.groupOf('core', '1.0'), 'org.b');
  assert.equal(java.groupOf('core', '9'), undefined);
  assert.equal(java.groupOf('other', '1.0'), undefined);
  assert.equal(java.groupOf('core', '1.0'), 'org.b');
});

test('another database is refused', () => {
  const other = makeSqlite([{ type: 'table', name: 'a', sql: 'CREATE TABLE a(b)', rows: [] }]);
  assert.throws(() => openJavaDatabase(bytesSource(other)), FormatError);
});

test('damaged files', () =>
  assertSurvivesBytes(database, (bytes) => {
    const java = openJavaDatabase(bytesSource(bytes));
    java.bySha1(hash(3));
    java.exists('org.a', 'core');
    java.groupOf('core', '1.0');
  }));
