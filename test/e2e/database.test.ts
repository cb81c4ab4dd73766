/** The vulnerability database: downloaded as an artifact from a real registry, kept, renewed, replaced while in use. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { makeDockerArchive } from '#artifact/fakes';
import { freePort } from '../fakes/free-port.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';
import { publishDatabase, writeDatabase } from './kit/database.js';
import { assertFails } from './kit/failure.js';
import { alpineFindings, alpineImage } from './kit/images.js';
import { pratique, type Ran } from './kit/program.js';
import { diagnosticsOf, findingsOf, reportOf } from './kit/report.js';
import { workplace } from './kit/workplace.js';

const skip = noRegistry;
const { at } = workplace();
writeFileSync(at('image.tar'), makeDockerArchive(alpineImage()));
let registry: RealRegistry;
let good: string;
let nowhere: string;

before(async () => {
  nowhere = `127.0.0.1:${await freePort()}/db:2`;
  if (skip) return;
  registry = await realRegistry();
  good = await publishDatabase(registry, at('scratch'), 'db');
});
after(() => registry?.stop());

let caches = 0;
const newCache = (): string => at(`cache-${caches++}`);
const scan = (cache: string, ...options: string[]): Promise<Ran> =>
  pratique(['image', '--input', at('image.tar'), '--cache-dir', cache, '--format', 'json', ...options]);
const metadataIn = (cache: string) =>
  JSON.parse(readFileSync(`${cache}/db/metadata.json`, 'utf8')) as { DownloadedAt: string };

test('downloaded for the first scan, kept for the next', { skip }, async () => {
  const cache = newCache();
  const first = await scan(cache, '--db-repository', good);
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(findingsOf(first), alpineFindings);
  const { DownloadedAt } = metadataIn(cache);
  assert.ok(Math.abs(Date.parse(DownloadedAt) - Date.now()) < 120_000, DownloadedAt);
  assert.deepEqual(findingsOf(await scan(cache, '--db-repository', nowhere)), alpineFindings);
  assert.deepEqual(findingsOf(await scan(cache, '--skip-db-update')), alpineFindings);
  assert.equal(metadataIn(cache).DownloadedAt, DownloadedAt);
  assert.deepEqual(
    readdirSync(cache).filter((name) => name.startsWith('.')),
    [],
    'nothing temporary is left',
  );
});

test('only downloaded', { skip }, async () => {
  const cache = newCache();
  const ran = await pratique(['image', '--download-db-only', '--cache-dir', cache, '--db-repository', good]);
  assert.equal(ran.code, 0, ran.stderr);
  assert.equal(ran.stdout, '');
  assert.deepEqual(findingsOf(await scan(cache, '--skip-db-update')), alpineFindings);
  const failed = await pratique(['image', '--download-db-only', '--cache-dir', newCache(), '--db-repository', nowhere]);
  assertFails(failed, /could not be downloaded/);
});

test('forbidden to download the first one', async () => {
  assertFails(await scan(newCache(), '--skip-db-update'), /no database yet/);
});

test('repositories are tried in their order', { skip }, async () => {
  const empty = `${registry.host}/empty:2`;
  for (const list of [
    ['--db-repository', nowhere, '--db-repository', empty, '--db-repository', good],
    ['--db-repository', `${nowhere},${good}`],
  ]) {
    const ran = await scan(newCache(), ...list);
    assert.deepEqual(findingsOf(ran), alpineFindings);
  }
});

test('an old one is renewed; when that fails, it is used, and the warning tells its age', { skip }, async () => {
  const cache = newCache();
  writeDatabase(cache, { age: 12, downloaded: 12 });
  const failed = await scan(cache, '--db-repository', nowhere);
  assert.equal(failed.code, 0, failed.stderr);
  assert.deepEqual(findingsOf(failed), alpineFindings);
  assert.match(failed.stderr, /WARN.*built 12 days ago/);
  const codes = reportOf(failed).Pratique?.Diagnostics?.map((d) => d.Code) ?? [];
  assert.ok(codes.includes('database/outdated'), codes.join());

  const renewed = await scan(cache, '--db-repository', good);
  assert.deepEqual(findingsOf(renewed), alpineFindings);
  assert.doesNotMatch(renewed.stderr, /built \d+ days ago/);
  assert.ok(Date.parse(metadataIn(cache).DownloadedAt) > Date.now() - 120_000);
});

test('an old one is told even when it must not be renewed', async () => {
  const cache = newCache();
  for (const [days, codes] of [
    [12, ['database/outdated']],
    [6, []],
  ] as const) {
    writeDatabase(cache, { age: days, downloaded: days });
    const ran = await scan(cache, '--skip-db-update');
    assert.deepEqual(findingsOf(ran), alpineFindings);
    const told = diagnosticsOf(ran).map(({ Code }) => Code);
    assert.deepEqual(
      told.filter((code) => code.startsWith('database/')),
      codes,
    );
    assert.equal(/WARN.*built 12 days ago and not updated since/.test(ran.stderr), days === 12, ran.stderr);
  }
});

test('what is no database is refused, and the good one stays', { skip }, async () => {
  const bad = [
    await publishDatabase(registry, at('scratch'), 'bad-type', { mediaType: 'application/octet-stream' }),
    await publishDatabase(registry, at('scratch'), 'bad-layer', { layer: Buffer.from('no gzip') }),
    await publishDatabase(registry, at('scratch'), 'bad-schema', { version: 3 }),
  ];
  const cache = newCache();
  writeDatabase(cache, { age: 2, downloaded: 2 });
  for (const name of bad) {
    const only = ['image', '--download-db-only', '--cache-dir', newCache(), '--db-repository', name];
    assertFails(await pratique(only), /could not be downloaded/);
    const ran = await scan(cache, '--db-repository', name);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(findingsOf(ran), alpineFindings);
  }
  assert.deepEqual(
    readdirSync(cache).filter((name) => name.startsWith('.')),
    [],
  );
});

test('replaced while other scans read it', { skip }, async () => {
  const cache = newCache();
  writeDatabase(cache, { age: 3, downloaded: 3 });
  const scans = Array.from({ length: 3 }, () => scan(cache, '--skip-db-update'));
  const updates = Array.from({ length: 3 }, () => scan(cache, '--db-repository', good));
  for (const ran of await Promise.all([...scans, ...updates])) {
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(findingsOf(ran), alpineFindings);
  }
  assert.deepEqual(
    readdirSync(cache).filter((name) => name.startsWith('.')),
    [],
  );
});

test('without a network the built-in one is used after 5 s at most', async () => {
  const ran = await scan(newCache(), '--db-repository', nowhere);
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stderr, /WARN.*built into the program/);
  assert.ok(ran.milliseconds < 9000, `${ran.milliseconds} ms`);
  const chosen = await scan(newCache(), '--offline-default');
  assert.equal(chosen.code, 0, chosen.stderr);
  assert.doesNotMatch(chosen.stderr, /download/);
});

const damages: readonly (readonly [string, (path: string) => void])[] = [
  ['empty', (path) => truncateSync(path, 0)],
  ['cut in half', (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2))],
  ['cut to its first page', (path) => truncateSync(path, 4096)],
  ['something else', (path) => writeFileSync(path, 'this is no database'.repeat(1000))],
];
for (const [what, damage] of damages) {
  test(`a database that is ${what} ends the scan, with its path`, async () => {
    const cache = newCache();
    const path = writeDatabase(cache);
    damage(path);
    assertFails(await scan(cache, '--skip-db-update'), /trivy\.db: damaged database/);
  });
}

test('damaged metadata', async () => {
  const cache = newCache();
  writeDatabase(cache);
  writeFileSync(`${cache}/db/metadata.json`, '{"Version":');
  assertFails(await scan(cache, '--skip-db-update'), /metadata\.json: damaged database/);
});

test('a newer schema', async () => {
  const cache = newCache();
  writeDatabase(cache, { version: 3 });
  assertFails(await scan(cache, '--skip-db-update'), /schema 3, this program reads schema 2/);
});

test('clean', async () => {
  const cache = newCache();
  writeDatabase(cache);
  await scan(cache, '--skip-db-update');
  assert.ok(existsSync(`${cache}/pratique`));
  assert.equal((await pratique(['clean', '--scan-cache', '--cache-dir', cache])).code, 0);
  assert.ok(existsSync(`${cache}/db/trivy.db`));
  assert.equal((await pratique(['clean', '--all', '--cache-dir', cache])).code, 0);
  assert.ok(!existsSync(`${cache}/db`));
});
