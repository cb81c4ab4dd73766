import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import { makeTar, makeZip } from '#formats/fakes';
import { tempDirectory } from '#platform';
import { fakeServer, type FakeAnswer, type FakeRequest, type FakeServer, fakeWorld } from '#platform/fakes';
import { unpackRepository } from './unpack-repository.js';
import { parseVexManifest } from './vex-manifest.js';
import type { ListedRepository } from './vex-repository-list.js';
import { updateRepository } from './vex-repository-update.js';

const folder = await tempDirectory();
const open: FakeServer[] = [];
after(async () => {
  await Promise.all(open.map((server) => server.close()));
  await folder.remove();
});
let directories = 0;
const freshDirectory = (): string => `${folder.path}/${directories++}`;

const index = JSON.stringify({ packages: [{ id: 'pkg:npm/leaf', location: 'pkg/leaf.json' }] });
const tarGz = (prefix: string, more: Parameters<typeof makeTar>[0] = []): Buffer =>
  gzipSync(
    makeTar([
      { name: `${prefix}index.json`, content: index },
      { name: `${prefix}pkg/leaf.json`, content: '{}' },
      { name: `${prefix}README.md`, content: 'x' },
      ...more,
    ]),
  );

async function serverOf(answers: (request: FakeRequest, origin: string) => FakeAnswer): Promise<FakeServer> {
  let origin = '';
  const server = await fakeServer((request) => answers(request, origin));
  origin = server.origin;
  open.push(server);
  return server;
}

const manifest = (urls: readonly string[], interval = '24h', version = '0.1'): string =>
  JSON.stringify({
    name: 'made',
    description: '',
    versions: [{ spec_version: version, locations: urls.map((url) => ({ url })), update_interval: interval }],
  });

const wellKnown = '/.well-known/vex-repository.json';
const listed = (url: string): ListedRepository => ({ name: 'made', url, enabled: true });

test('a repository is fetched once, asked again after its interval, and not sent twice', async () => {
  const server = await serverOf(({ path, headers }, origin) => {
    if (path === wellKnown) return { body: manifest([`${origin}/data.tar.gz`], '1h') };
    if (headers['if-none-match'] === '"one"') return { status: 304 };
    return { body: tarGz('hub-main/'), headers: { etag: '"one"' } };
  });
  const cacheDir = freshDirectory();
  const world = fakeWorld();
  const update = (force = false) => updateRepository(listed(server.origin), { cacheDir, force }, world);
  assert.equal(await update(), 'updated');
  const data = `${cacheDir}/vex/repositories/made/0.1`;
  assert.equal(readFileSync(`${data}/index.json`, 'utf8'), index);
  assert.deepEqual(readdirSync(data).sort(), ['index.json', 'pkg']);
  assert.equal(await update(), 'current');
  assert.equal(server.requests.length, 2);
  await world.clock.sleep(3_600_001);
  assert.equal(await update(), 'current');
  assert.deepEqual(
    server.requests.slice(2).map(({ path, headers }) => [path, headers['if-none-match']]),
    [
      [wellKnown, undefined],
      ['/data.tar.gz', '"one"'],
    ],
  );
  assert.equal(await update(), 'current');
  assert.equal(await update(true), 'current');
  assert.equal(server.requests.length, 6);
  assert.deepEqual(readdirSync(`${cacheDir}/vex/repositories/made`).sort(), [
    '0.1',
    'cache.json',
    'vex-repository.json',
  ]);
});

test('the next location is tried; when all fail, the old data stays and serves', async () => {
  let broken = false;
  const server = await serverOf(({ path }, origin) => {
    if (path === wellKnown) return { body: manifest([`${origin}/gone`, `${origin}/data.zip//deep/er`], '1m') };
    if (path === '/gone' || broken) return { status: 404 };
    const entry = (name: string, content: string) => ({ path: `deep/er/${name}`, content: Buffer.from(content) });
    return { body: makeZip([entry('index.json', index), entry('pkg/leaf.json', '{}')]) };
  });
  const cacheDir = freshDirectory();
  const world = fakeWorld();
  assert.equal(await updateRepository(listed(server.origin), { cacheDir }, world), 'updated');
  broken = true;
  await world.clock.sleep(60_001);
  assert.equal(await updateRepository(listed(server.origin), { cacheDir }, world), 'current');
  assert.match(world.written.log, /could not be updated; the copy in the cache is used.*answered with 404/);
  assert.ok(existsSync(`${cacheDir}/vex/repositories/made/0.1/pkg/leaf.json`));
  const asked = updateRepository(listed(server.origin), { cacheDir, force: true }, world);
  await assert.rejects(asked, { code: 'vex/unavailable' });
  await assert.rejects(updateRepository(listed(server.origin), { cacheDir: freshDirectory() }, world), {
    code: 'vex/unavailable',
    message: /made: .*answered with 404 for \/gone/,
  });
});

test('two processes at once leave one whole repository', async () => {
  const server = await serverOf(({ path }, origin) =>
    path === wellKnown ? { body: manifest([`${origin}/d`]) } : { body: tarGz(''), delay: 5 },
  );
  const cacheDir = freshDirectory();
  const runs = Array.from({ length: 6 }, () => updateRepository(listed(server.origin), { cacheDir }, fakeWorld()));
  await Promise.all(runs);
  assert.deepEqual(readdirSync(`${cacheDir}/vex/repositories/made`).sort(), [
    '0.1',
    'cache.json',
    'vex-repository.json',
  ]);
  assert.deepEqual(readdirSync(`${cacheDir}/vex/repositories/made/0.1`).sort(), ['index.json', 'pkg']);
});

test('credentials go to the repository alone, and not over plain http unless that is allowed', async () => {
  const other = await serverOf(() => ({ body: tarGz('') }));
  const server = await serverOf(({ path }) =>
    path === wellKnown ? { body: manifest([`${other.origin}/data`]) } : { status: 404 },
  );
  const secret = 'very-secret';
  const seen = async (insecure: boolean, token = ''): Promise<unknown[]> => {
    const before = [server.requests.length, other.requests.length] as const;
    const credentials = { username: 'me', password: secret, token };
    const world = fakeWorld();
    const options = { cacheDir: freshDirectory(), registry: { insecure } };
    await updateRepository({ ...listed(server.origin), credentials }, options, world);
    assert.doesNotMatch(world.written.log, new RegExp(secret));
    return [...server.requests.slice(before[0]), ...other.requests.slice(before[1])].map(
      ({ headers }) => headers['authorization'],
    );
  };
  assert.deepEqual(await seen(false), [undefined, undefined]);
  assert.deepEqual(await seen(true), [`Basic ${Buffer.from(`me:${secret}`).toString('base64')}`, undefined]);
  assert.deepEqual(await seen(true, 'token'), ['Bearer token', undefined]);
});

test('a manifest names field and reason', () => {
  const base = 'https://vex.example/.well-known/vex-repository.json';
  const cases: readonly (readonly [string, RegExp])[] = [
    ['{"versions": [', /line 1/],
    ['{}', /versions: 0\.1 is needed, there is none/],
    [manifest(['https://a.example/x'], '1h', '1.0'), /0\.1 is needed, there is 1\.0/],
    [manifest([]), /versions\[0\]\.locations is empty/],
    [manifest(['file:///etc/passwd']), /versions\[0\]\.locations\[0\]\.url is not a web address/],
    [manifest(['http://a.example/x']), /less safe/],
  ];
  for (const [text, message] of cases) assert.throws(() => parseVexManifest(text, base), { message });
  assert.deepEqual(parseVexManifest(manifest(['https://a.example/x.tar.gz//sub/dir'], '90m'), base), {
    locations: [{ url: 'https://a.example/x.tar.gz', directory: 'sub/dir' }],
    updateInterval: 5_400_000,
  });
});

test('an archive writes nowhere else, and no more than is allowed', async () => {
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['a path upwards', tarGz('', [{ name: '../../out.json', content: 'x' }]), /outside/],
    ['a long name', tarGz('', [{ name: `${'x'.repeat(240)}.json`, content: '{}' }]), /too long/],
    ['a file as directory', tarGz('', [{ name: 'index.json/x.json', content: '{}' }]), /twice/],
    ['a directory as file', tarGz('', [{ name: 'a.json/x.json' }, { name: 'a.json' }]), /twice/],
    ['a name twice', tarGz('', [{ name: './index.json', content: 'x' }]), /twice/],
    ['no index', gzipSync(makeTar([{ name: 'a/b.json', content: '{}' }])), /no index\.json/],
    ['no archive', Buffer.from('<html>'), /gzip/],
    ['a large file', tarGz('', [{ name: 'big.json', content: Buffer.alloc(17 << 20) }]), /big\.json/],
    ['a zip with a path upwards', makeZip([{ path: '../x.json', content: Buffer.from('1') }]), /outside/],
  ];
  for (const [what, bytes, message] of cases) {
    const target = freshDirectory();
    await assert.rejects(unpackRepository(bytes, '', target), { message }, what);
    assert.ok(!existsSync(`${target}/../out.json`));
  }
  const odd = tarGz('', [
    { name: 'evil.json', flag: '2', link: '/etc/passwd' },
    { name: '/tmp/in.json', content: 'x' },
  ]);
  const target = freshDirectory();
  await unpackRepository(odd, '', target);
  assert.deepEqual(readdirSync(target).sort(), ['index.json', 'pkg', 'tmp']);
});

test('damaged archives end with an error of their own', async () => {
  const whole = [tarGz('x/'), makeZip([{ path: 'index.json', content: Buffer.from(index) }])];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...whole), fc.nat(), fc.nat(255), fc.nat(), async (bytes, at, value, cut) => {
      const damaged = Buffer.from(bytes);
      damaged[at % damaged.length] = value;
      try {
        await unpackRepository(damaged.subarray(0, cut % (damaged.length + 1)), '', freshDirectory());
      } catch (error) {
        assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
      }
    }),
    { numRuns: 150 },
  );
});
