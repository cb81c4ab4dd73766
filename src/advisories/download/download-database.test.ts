import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { FormatError, LimitError, PratiqueError } from '#base';
import { boltBytes } from '#formats';
import { makeSqlite, makeTar, type TarItem } from '#formats/fakes';
import { blobAnswer, type FakeRegistry, fakeRegistry, type FakeRegistryOptions } from '#oci/fakes';
import { systemClock, tempDirectory } from '#platform';
import { fakeWorld } from '#platform/fakes';
import { openAdvisoryStore } from '../store/advisory-store.js';
import { readDatabaseMetadata } from '../store/database-metadata.js';
import { publishedDatabases } from './database-kind.js';
import { downloadDatabase, type DownloadedDatabase, type DownloadOptions } from './download-database.js';
import { unpackFiles } from './unpack-files.js';

const scratch = await tempDirectory();
const open: { close(): unknown }[] = [];
after(async () => {
  await Promise.all(open.map((one) => one.close()));
  await scratch.remove();
});
let made = 0;
const freshCache = (): string => join(scratch.path, `cache-${made++}`);

const { vulnerability, java } = publishedDatabases;
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const bolt = (id: string): Uint8Array => boltBytes([['vulnerability', [[id, json({ Title: id })]]]]);
const metadataOf = (version: number): string =>
  JSON.stringify({
    Version: version,
    NextUpdate: '2026-01-03T00:00:00Z',
    UpdatedAt: '2026-01-02T00:00:00Z',
    DownloadedAt: '0001-01-01T00:00:00Z',
  });
const archive = (items: readonly TarItem[]): Buffer => gzipSync(makeTar(items));
const good = (id = 'CVE-2026-1'): Buffer =>
  archive([
    { name: './', flag: '5' },
    { name: './metadata.json', content: metadataOf(2) },
    { name: './trivy.db', content: bolt(id) },
  ]);

async function registryWith(
  layer: Uint8Array,
  more: Partial<{ layerType: string; titles: string[]; layers: Uint8Array[] }> = {},
  options: FakeRegistryOptions = {},
): Promise<FakeRegistry> {
  const registry = await fakeRegistry(options);
  open.push(registry);
  registry.pushImage('aqua/db', '2', {
    layers: [layer],
    layerType: vulnerability.mediaType,
    titles: ['db.tar.gz'],
    ...more,
  });
  return registry;
}
const download = (
  registries: readonly FakeRegistry[],
  cacheDir: string,
  more: Partial<DownloadOptions> = {},
): Promise<DownloadedDatabase> =>
  downloadDatabase({ repositories: registries.map(({ host }) => `${host}/aqua/db`), cacheDir, ...more }, fakeWorld());
const fails =
  (...messages: RegExp[]) =>
  (error: unknown) => {
    assert.ok(error instanceof PratiqueError, String(error));
    assert.equal(error.code, 'db/download-failed');
    for (const message of messages) assert.match(error.message, message);
    return true;
  };
const titleIn = (cacheDir: string, id: string): string | undefined => {
  const metadata = readDatabaseMetadata(join(cacheDir, 'db/metadata.json'));
  const store = openAdvisoryStore({ path: join(cacheDir, 'db/trivy.db') }, metadata!);
  try {
    return store.vulnerability(id)?.Title;
  } finally {
    store.close();
  }
};

test('a database is downloaded, checked and put in its place', async () => {
  const cacheDir = freshCache();
  const registry = await registryWith(good());
  const seen: number[] = [];
  const done = await download([registry], cacheDir, { onProgress: (received, total) => seen.push(received / total) });
  assert.equal(done.path, join(cacheDir, 'db/trivy.db'));
  assert.equal(done.reference, `${registry.host}/aqua/db:2`);
  assert.equal(titleIn(cacheDir, 'CVE-2026-1'), 'CVE-2026-1');
  assert.deepEqual(readDatabaseMetadata(join(cacheDir, 'db/metadata.json')), {
    version: 2,
    nextUpdate: '2026-01-03T00:00:00Z',
    updatedAt: '2026-01-02T00:00:00Z',
    downloadedAt: done.metadata.downloadedAt,
  });
  assert.match(done.metadata.downloadedAt, /^2026-01-02T03:04:05/);
  assert.equal(seen.at(-1), 1);
  assert.deepEqual(readdirSync(cacheDir), ['db']);
});

test('a reader of the old file goes on; what was there is replaced', async () => {
  const cacheDir = freshCache();
  await download([await registryWith(good('CVE-2026-1'))], cacheDir);
  const before = readFileSync(join(cacheDir, 'db/trivy.db'));
  const file = openSync(join(cacheDir, 'db/trivy.db'), 'r');
  await download([await registryWith(good('CVE-2026-2'))], cacheDir);
  const bytes = Buffer.alloc(before.length);
  readSync(file, bytes, 0, bytes.length, 0);
  closeSync(file);
  assert.ok(bytes.equals(before));
  assert.equal(titleIn(cacheDir, 'CVE-2026-2'), 'CVE-2026-2');
});

const table = (name: string) => ({ type: 'table' as const, name, sql: `CREATE TABLE ${name} (a)`, rows: [] });

test('the Java database', async () => {
  const registry = await fakeRegistry();
  open.push(registry);
  const content = archive([
    { name: 'trivy-java.db', content: makeSqlite([table('artifacts'), table('indices')]) },
    { name: 'metadata.json', content: metadataOf(1) },
  ]);
  registry.pushImage('aqua/java', '1', { layers: [content], layerType: java.mediaType, titles: ['javadb.tar.gz'] });
  const cacheDir = freshCache();
  const options = { kind: 'java', repositories: [`${registry.host}/aqua/java`], cacheDir } as const;
  const done = await downloadDatabase(options, fakeWorld());
  assert.equal(done.path, join(cacheDir, 'java-db/trivy-java.db'));
  assert.deepEqual(readdirSync(join(cacheDir, 'java-db')).sort(), ['metadata.json', 'trivy-java.db']);
});

test('whatever is wrong with one repository, the next is tried; all reasons are told', async () => {
  const cases: readonly [FakeRegistry, RegExp][] = [
    [await registryWith(good(), {}, { intercept: () => ({ status: 403 }) }), /403/],
    [
      await registryWith(
        good(),
        {},
        { intercept: ({ path }) => (path.includes('manifests') ? { status: 404 } : undefined) },
      ),
      /not found/,
    ],
    [await registryWith(good(), { layers: [good(), good()], titles: ['db.tar.gz', 'b'] }), /2 layers/],
    [await registryWith(good(), { layers: [] }), /0 layers/],
    [await registryWith(good(), { layerType: 'application/vnd.oci.image.layer.v1.tar+gzip' }), /of type/],
    [await registryWith(good(), { titles: ['../db.tar.gz'] }), /named \.\.\/db/],
    [await registryWith(Buffer.from('no gzip')), /not sound gzip/],
    [await registryWith(gzipSync('no tar')), /cut off/],
    [await registryWith(good().subarray(0, 300)), /not sound gzip/],
    [await registryWith(archive([{ name: 'metadata.json', content: metadataOf(2) }])), /trivy\.db not in the archive/],
    [
      await registryWith(
        archive([
          { name: 'metadata.json', content: metadataOf(3) },
          { name: 'trivy.db', content: bolt('x') },
        ]),
      ),
      /schema 3/,
    ],
    [
      await registryWith(
        archive([
          { name: 'metadata.json', content: '' },
          { name: 'trivy.db', content: bolt('x') },
        ]),
      ),
      /not valid JSON/,
    ],
    [
      await registryWith(
        archive([
          { name: 'metadata.json', content: metadataOf(2) },
          { name: 'trivy.db', content: 'no bolt' },
        ]),
      ),
      /trivy\.db: /,
    ],
    [
      await registryWith(
        archive([
          { name: 'metadata.json', content: metadataOf(2) },
          { name: 'trivy.db', content: bolt('x').subarray(0, 9000) },
        ]),
      ),
      /trivy\.db: /,
    ],
    [
      await registryWith(
        archive([
          { name: 'metadata.json', content: metadataOf(2) },
          { name: 'trivy.db', flag: '2', link: '/etc/passwd' },
        ]),
      ),
      /not a plain file/,
    ],
  ];
  const changed = await registryWith(good());
  changed.blobs.forEach((blob, digest) => changed.blobs.set(digest, Buffer.from(blob).fill(0, 20, 21)));
  const registries = [...cases.map(([registry]) => registry), changed];
  const cacheDir = freshCache();
  await assert.rejects(
    download(registries, cacheDir),
    fails(...cases.map(([, reason]) => reason), /other content|not sound/),
  );
  assert.deepEqual(readdirSync(cacheDir), []);
  await download([...registries, await registryWith(good())], cacheDir);
  assert.equal(titleIn(cacheDir, 'CVE-2026-1'), 'CVE-2026-1');
});

test('content that was changed on its way never replaces the database', async () => {
  const cacheDir = freshCache();
  await download([await registryWith(good())], cacheDir);
  const registry = await registryWith(good());
  const [digest] = [...registry.blobs].find(([, blob]) => blob.length > 200)!;
  registry.blobs.set(digest, good('CVE-2026-6'));
  await assert.rejects(download([registry], cacheDir), fails(/other content than sha256/));
  assert.equal(titleIn(cacheDir, 'CVE-2026-1'), 'CVE-2026-1');
  assert.deepEqual(readdirSync(cacheDir), ['db']);
});

test('downloads at the same time leave one whole database', async () => {
  const cacheDir = freshCache();
  const registries = await Promise.all([1, 2, 3, 4].map((n) => registryWith(good(`CVE-2026-${n}`))));
  await Promise.all(registries.map((registry) => download([registry], cacheDir)));
  const titles = [1, 2, 3, 4].map((n) => titleIn(cacheDir, `CVE-2026-${n}`)).filter((title) => title !== undefined);
  assert.equal(titles.length, 1);
  assert.deepEqual(readdirSync(cacheDir), ['db']);
});

test('a lock and a directory that killed runs left are removed', async () => {
  const cacheDir = freshCache();
  const old = new Date(Date.now() - 24 * 3_600_000);
  for (const name of ['.db-download-dead', '.db-download-alive', 'other'])
    mkdirSync(join(cacheDir, name), { recursive: true });
  writeFileSync(join(cacheDir, '.db.lock'), '');
  for (const name of ['.db-download-dead', 'other', '.db.lock']) utimesSync(join(cacheDir, name), old, old);
  await download([await registryWith(good())], cacheDir);
  assert.deepEqual(readdirSync(cacheDir).sort(), ['.db-download-alive', 'db', 'other']);
});

test('a run that is killed leaves the old database', async () => {
  const cacheDir = freshCache();
  await download([await registryWith(good())], cacheDir);
  const slow = await registryWith(
    good('CVE-2026-7'),
    {},
    {
      intercept: (request) =>
        request.path.includes('/blobs/') ? { ...blobAnswer(request, good('CVE-2026-7')), delay: 10_000 } : undefined,
    },
  );
  const module = new URL('./download-database.js', import.meta.url).href;
  const platform = new URL('../../platform/fakes/index.js', import.meta.url).href;
  const program = join(scratch.path, 'killed.mjs');
  writeFileSync(
    program,
    `import { downloadDatabase } from ${JSON.stringify(module)};
     import { fakeWorld } from ${JSON.stringify(platform)};
     await downloadDatabase({ repositories: ['${slow.host}/aqua/db'], cacheDir: ${JSON.stringify(cacheDir)} }, fakeWorld());`,
  );
  const child = spawn(process.execPath, [program], { stdio: 'ignore' });
  while (!slow.requests.some(({ path }) => path.includes('/blobs/'))) {
    assert.equal(child.exitCode, null, 'the program ended before it downloaded anything');
    await systemClock.sleep(10);
  }
  child.kill('SIGKILL');
  await new Promise((done) => child.once('exit', done));
  assert.equal(titleIn(cacheDir, 'CVE-2026-1'), 'CVE-2026-1');
  assert.equal(readdirSync(cacheDir).length, 2);
});

test('without a network the time to connect is shared by all repositories', async () => {
  const mute = createServer(() => {});
  await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done));
  open.push(mute);
  const host = `registry.localhost:${(mute.address() as { port: number }).port}`;
  // Proxies take any name, so that it need not resolve.
  const world = fakeWorld({
    clock: systemClock,
    env: { HTTPS_PROXY: `http://${host.replace(/^[^:]*/, '127.0.0.1')}` },
  });
  const started = performance.now();
  const repositories = ['a.example/db', 'b.example/db', 'c.example/db'];
  const options = { repositories, cacheDir: freshCache(), connectBudget: 1000 };
  await assert.rejects(downloadDatabase(options, world), fails(/a\.example/, /b\.example/, /c\.example/));
  assert.ok(performance.now() - started < 2500);
});

test('a cache that cannot be written ends it at once', async () => {
  const registry = await registryWith(good());
  const cacheDir = join(scratch.path, 'a-file');
  writeFileSync(cacheDir, '');
  await assert.rejects(download([registry], cacheDir), { code: 'file/unwritable' });
  assert.equal(registry.requests.length, 0);
  const taken = freshCache();
  mkdirSync(join(taken, 'db/trivy.db'), { recursive: true });
  await assert.rejects(download([registry, registry], taken), { code: 'file/unwritable' });
  assert.equal(registry.requests.filter(({ path }) => path === '/v2/').length, 1);
});

const into = async (items: readonly TarItem[], limit = 1000): Promise<string[]> => {
  const directory = join(scratch.path, `unpack-${made++}`, 'in');
  mkdirSync(directory, { recursive: true });
  const chunks = async function* () {
    const bytes = archive(items);
    for (let i = 0; i < bytes.length; i += 7) yield bytes.subarray(i, i + 7);
  };
  await unpackFiles(chunks(), directory, new Map([['a', limit]]));
  assert.deepEqual(readdirSync(join(directory, '..')), ['in']);
  return readdirSync(directory).map((name) => `${name}=${readFileSync(join(directory, name), 'utf8')}`);
};

test('archives: only wanted files, nothing outside, nothing over its limit', async () => {
  const a = { name: 'a', content: 'A' };
  assert.deepEqual(await into([a]), ['a=A']);
  assert.deepEqual(await into([{ name: './x/../a', content: 'A' }]), ['a=A']);
  assert.deepEqual(
    await into([
      { name: '../a', content: 'B' },
      { name: '../../b', content: 'B' },
      { name: 'dir/a', content: 'B' },
      { name: 'b', content: 'B' },
      a,
    ]),
    ['a=A'],
  );
  assert.deepEqual(await into([{ name: 'a', content: 'x'.repeat(1000) }]), [`a=${'x'.repeat(1000)}`]);
  await assert.rejects(into([{ name: 'a', content: 'x'.repeat(1001) }]), LimitError);
  await assert.rejects(into([{ name: 'b', content: 'x'.repeat(2e6) }, a]), LimitError);
  await assert.rejects(into([a, a]), FormatError);
  await assert.rejects(into([{ name: 'a', flag: '2', link: '/etc/passwd' }]), FormatError);
  await assert.rejects(into([]), FormatError);
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

test('damaged archives: an error of ours, or the files', async () => {
  const whole = good();
  const wanted = new Map([
    ['trivy.db', 1e6],
    ['metadata.json', 1e4],
  ]);
  const arbitrary = fc.tuple(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(arbitrary, async ([cut, at, value]) => {
      for (const bytes of [whole.subarray(0, cut), Buffer.from(whole).fill(value, at, at + 1)]) {
        const directory = await tempDirectory(scratch.path);
        await unpackFiles(once(bytes), directory.path, wanted).catch((error: unknown) => {
          assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
        });
        await directory.remove();
      }
    }),
    { numRuns: 60 },
  );
  assert.equal(existsSync(scratch.path), true);
});
