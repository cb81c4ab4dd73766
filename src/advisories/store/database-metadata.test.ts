import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { PratiqueError } from '#base';
import { encodeDatabaseMetadata, parseDatabaseMetadata, readDatabaseMetadata, zeroTime } from './database-metadata.js';
import { updateDecision } from './update-decision.js';

const text = `{"Version":2,"NextUpdate":"2026-08-14T06:21:27.123456789Z","UpdatedAt":"2026-08-13T08:21:27+02:00","DownloadedAt":"0001-01-01T00:00:00Z"}\n`;

test('metadata survive decoding and encoding', () => {
  const metadata = parseDatabaseMetadata(text, 'metadata.json');
  assert.deepEqual(metadata, {
    version: 2,
    nextUpdate: '2026-08-14T06:21:27.123456789Z',
    updatedAt: '2026-08-13T08:21:27+02:00',
    downloadedAt: zeroTime,
  });
  assert.equal(encodeDatabaseMetadata(metadata), text);
  assert.deepEqual(parseDatabaseMetadata('{"Version":1,"UpdatedAt":null}', ''), {
    version: 1,
    nextUpdate: zeroTime,
    updatedAt: zeroTime,
    downloadedAt: zeroTime,
  });
});

for (const bad of [
  '',
  '[]',
  'null',
  '{"Version":"2"}',
  '{"Version":2.5}',
  '{"NextUpdate":"tomorrow"}',
  '{"UpdatedAt":7}',
  '{"UpdatedAt":"2026-13-40T00:00:00Z"}',
])
  // prettier-ignore
  test(`metadata ${bad || 'of nothing'} are damage`, () => {
    assert.throws(() => parseDatabaseMetadata(bad, '/cache/db/metadata.json'), {
      code: 'db/corrupt',
      message: /^\/cache\/db\/metadata\.json/,
    });
  });

test('any text is metadata or damage', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.string(),
        fc.nat(text.length).map((n) => text.slice(0, n)),
      ),
      (content) => {
        try {
          parseDatabaseMetadata(content, 'x');
        } catch (error) {
          assert.ok(error instanceof PratiqueError && error.code === 'db/corrupt');
        }
      },
    ),
  );
});

test('a missing file is no metadata', () => {
  const folder = mkdtempSync(join(tmpdir(), 'metadata-'));
  const path = join(folder, 'metadata.json');
  assert.equal(readDatabaseMetadata(path), undefined);
  writeFileSync(path, text);
  assert.equal(readDatabaseMetadata(path)?.version, 2);
  assert.throws(() => readDatabaseMetadata(folder), { code: 'file/unreadable' });
  rmSync(folder, { recursive: true });
});

const now = new Date('2026-08-13T12:00:00Z');
const past = '2026-08-13T00:00:00Z';
const recent = '2026-08-13T11:00:01Z';
const future = '2026-08-14T00:00:00Z';

/** version, next update, downloaded, decision, decision when downloads are skipped */
const decisions: readonly (readonly [number, string, string, string, string])[] = [
  [2, future, past, 'keep', 'keep'],
  [2, past, past, 'download', 'keep'],
  [2, past, recent, 'keep', 'keep'],
  [2, past, '2026-08-13T11:00:00Z', 'download', 'keep'],
  [2, '2026-08-13T12:00:00Z', past, 'download', 'keep'],
  [2, future, zeroTime, 'download', 'keep'],
  [3, future, zeroTime, 'download', 'db/unsupported-schema'],
  [3, future, past, 'db/unsupported-schema', 'db/unsupported-schema'],
  [1, future, recent, 'download', 'db/unsupported-schema'],
  [0, zeroTime, zeroTime, 'download', 'db/unsupported-schema'],
];
for (const [version, nextUpdate, downloadedAt, decision, skipped] of decisions)
  test(`schema ${version}, next ${nextUpdate}, downloaded ${downloadedAt}: ${decision}, skipped: ${skipped}`, () => {
    const metadata = { version, nextUpdate, updatedAt: past, downloadedAt };
    const decide = (skip: boolean): string => shown(updateDecision(metadata, { now, skip }));
    assert.deepEqual([decide(false), decide(true)], [decision, skipped]);
  });

test('without a database it is downloaded, and skipping that is an error', () => {
  assert.equal(updateDecision(undefined, { now, skip: false }), 'download');
  const error = updateDecision(undefined, { now, skip: true, flag: '--skip-java-db-update' });
  assert.ok(error instanceof PratiqueError && error.code === 'db/first-run');
  assert.match(error.message, /--skip-java-db-update/);
});

test('schema and freshness are those of the database at hand', () => {
  const metadata = { version: 1, nextUpdate: past, updatedAt: past, downloadedAt: '2026-08-12T13:00:00Z' };
  assert.equal(updateDecision(metadata, { now, skip: false, schema: 1, freshFor: 24 * 3_600_000 }), 'keep');
  assert.equal(updateDecision(metadata, { now, skip: false, schema: 1 }), 'download');
});

function shown(decision: ReturnType<typeof updateDecision>): string {
  return decision instanceof PratiqueError ? decision.code : decision;
}
