import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { PratiqueError } from '#base';
import { boltBytes } from '#formats';
import { fakeWorld } from '#platform/fakes';
import { embeddedBytes, embeddedManifest, type EmbeddedManifest } from './embedded-files.js';
import { embeddedDatabaseInfo, openEmbeddedDatabase } from './open-embedded-database.js';

const folder = mkdtempSync(join(tmpdir(), 'embedded-'));
after(() => rmSync(folder, { recursive: true }));
const program = globalThis as { PRATIQUE_EMBEDDED?: unknown };
afterEach(() => delete program.PRATIQUE_EMBEDDED);

let count = 0;
const cacheDirectory = (): string => join(folder, `cache-${count++}`);
const database = boltBytes([['alpine 9.9', [['anchor', [['CVE-1', Buffer.from('{"FixedVersion":"1-r0"}')]]]]]]);
const source = { id: 'a', name: 'A', date: '2099-01-02', license: 'MIT', url: 'https://example.org', advisories: 1 };
const manifest: EmbeddedManifest = {
  schema: 2,
  built: '2099-01-03T00:00:00Z',
  sha256: createHash('sha256').update(database).digest('hex'),
  size: database.length,
  sources: [source, { ...source, name: 'B', date: '2098-12' }, { ...source, name: 'C', date: '2001', advisories: 0 }],
  releases: ['alpine 9.9'],
};

function embed(changes: Partial<EmbeddedManifest> = {}, bytes: Uint8Array = brotliCompressSync(database)): void {
  program.PRATIQUE_EMBEDDED = { database: bytes, manifest: { ...manifest, ...changes } };
}

async function lookUp(cacheDir: string, world = fakeWorld()): Promise<unknown> {
  const { lookup, close } = await openEmbeddedDatabase(cacheDir, world);
  const [record] = lookup.advisories('alpine 9.9', 'anchor');
  close();
  return record?.advisory.FixedVersion;
}

const pathIn = (cacheDir: string): string =>
  join(cacheDir, 'pratique', 'embedded', manifest.sha256.slice(0, 16), 'trivy.db');

test('unpacked once; damaged or cut files are unpacked again', async () => {
  embed();
  const cacheDir = cacheDirectory();
  const path = pathIn(cacheDir);
  assert.equal(await lookUp(cacheDir), '1-r0');
  utimesSync(path, 1, 1);
  assert.equal(await lookUp(cacheDir), '1-r0');
  assert.equal(statSync(path).mtimeMs, 1000);
  const whole = readFileSync(path);
  for (const damaged of [whole.subarray(0, 100), Buffer.alloc(0), Buffer.alloc(whole.length)]) {
    writeFileSync(path, damaged);
    assert.equal(await lookUp(cacheDir), '1-r0');
    assert.ok(readFileSync(path).equals(whole));
  }
});

test('runs side by side leave one file', async () => {
  embed();
  const cacheDir = cacheDirectory();
  const found = await Promise.all(Array.from({ length: 8 }, () => lookUp(cacheDir)));
  assert.deepEqual(
    found,
    Array.from({ length: 8 }, () => '1-r0'),
  );
  assert.deepEqual(readdirSync(join(pathIn(cacheDir), '..')), ['trivy.db']);
});

test('a cache that cannot be written: it stays in memory', async () => {
  embed();
  const cacheDir = cacheDirectory();
  writeFileSync(cacheDir, 'a file where the directory would be');
  const world = fakeWorld();
  assert.equal(await lookUp(cacheDir, world), '1-r0');
  assert.match(world.written.log, /DEBUG\tthe built-in database stays in memory/);
});

test('a program whose own data is damaged says so', async () => {
  const cases: readonly (() => void)[] = [
    () => embed({}, brotliCompressSync(database).subarray(0, 20)),
    () => embed({ size: 10 }),
    () => embed({ sha256: '0'.repeat(64) }),
  ];
  for (const damage of cases) {
    damage();
    await assert.rejects(
      openEmbeddedDatabase(cacheDirectory(), fakeWorld()),
      (error) => error instanceof PratiqueError && error.code === 'db/corrupt',
    );
  }
  program.PRATIQUE_EMBEDDED = { database: join(folder, 'nowhere'), manifest };
  await assert.rejects(
    openEmbeddedDatabase(cacheDirectory(), fakeWorld()),
    (error) => error instanceof PratiqueError && error.code === 'db/missing',
  );
});

test('its age is a diagnostic; sources of advisories count', async () => {
  embed();
  const { diagnostics, info, close } = await openEmbeddedDatabase(cacheDirectory(), fakeWorld());
  close();
  assert.deepEqual(diagnostics, [
    {
      code: 'database/embedded',
      severity: 'warning',
      message:
        'the database built into the program was used: its newest source is of 2099-01-02 (A), its oldest of 2098-12 (B); what was published later is missing',
    },
  ]);
  assert.deepEqual(info, embeddedDatabaseInfo());
  assert.equal(info.kind, 'embedded');
  assert.equal(info.updatedAt, manifest.built);
  assert.deepEqual(info.sources?.[0], { name: 'A', date: '2099-01-02', license: 'MIT' });
});

test('the committed database is what its manifest says', async () => {
  const { sources, releases, size } = embeddedManifest();
  assert.ok(embeddedBytes().length < 6 * 1024 * 1024 && embeddedBytes().length < size);
  const { lookup, close } = await openEmbeddedDatabase(cacheDirectory(), fakeWorld());
  for (const release of releases) assert.ok(lookup.hasBucket(release), release);
  for (const uncovered of ['alpine 3.20', 'debian 13', 'ubuntu 22.04']) assert.ok(!lookup.hasBucket(uncovered));
  for (const ecosystem of ['bitnami', 'cargo', 'composer', 'go', 'npm', 'pip', 'rubygems'])
    assert.ok(lookup.hasPrefix(`${ecosystem}::`), ecosystem);
  close();
  for (const { name, date, license } of sources) {
    assert.match(date, /^20\d\d-\d\d(?:-\d\d)?$/, name);
    assert.notEqual(license, '', name);
  }
});
