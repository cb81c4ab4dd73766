import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PratiqueError } from '#base';
import { fakeServer, type FakeWorld, fakeWorld } from '#platform/fakes';
import { blobAnswer, type FakeRegistry, fakeRegistry, type FakeRegistryOptions } from '../fakes/fake-registry.js';
import { mediaTypes } from '../media-types.js';
import { parseReference, type Reference } from '../reference.js';
import { createRegistryClient, type RegistryClient } from './client.js';
import type { RegistryOptions } from './options.js';

const open: { close(): unknown }[] = [];
after(() => Promise.all(open.map((one) => one.close())));
const kept = <T extends { close(): unknown }>(one: T): T => {
  open.push(one);
  return one;
};
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../src/platform/fixtures/${name}`, import.meta.url));
const tls = {
  key: readFileSync(fixture('localhost.key'), 'utf8'),
  cert: readFileSync(fixture('localhost.crt'), 'utf8'),
};

interface Setup {
  registry: FakeRegistry;
  client: RegistryClient;
  ref: Reference;
  world: FakeWorld;
}
async function setup(
  registryOptions: FakeRegistryOptions = {},
  options: RegistryOptions = {},
  env = {},
): Promise<Setup> {
  const registry = kept(await fakeRegistry(registryOptions));
  registry.pushImage('a/b', '1');
  const world = fakeWorld({ env });
  const client = kept(createRegistryClient(options, world));
  return { registry, client, world, ref: parseReference(`${registry.host}/a/b:1`) };
}
const fails =
  (code: string, message = /./, hint = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof PratiqueError, `${String(error)} ${(error as Error).stack ?? ''}`);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.match(error.hint, hint);
    assert.doesNotMatch(error.message + error.hint, /hunter2|aHVudGVy|\n/);
    return true;
  };
const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
};

const config = (entry: object) => (host: string) => JSON.stringify({ auths: { [host]: entry } });

const status = (code: number, body = '', headers = {}): FakeRegistryOptions => ({
  intercept: ({ path }) => (path.includes('/manifests/') ? { status: code, body, headers } : undefined),
});

const realm = (value: string): FakeRegistryOptions => ({
  intercept: ({ path }) =>
    path === '/token' ? undefined : { status: 401, headers: { 'www-authenticate': `Bearer realm="${value}"` } },
});

test('an image: its manifest, configuration and layers', async () => {
  const { registry, client, ref } = await setup();
  const { manifest, digest, manifestDigest, index } = await client.image(ref);
  assert.equal(index, undefined);
  assert.equal(digest, manifestDigest);
  assert.equal((await client.blobBytes(ref, manifest.layers[0]!, 100)).toString(), 'layer');
  assert.match((await client.blobBytes(ref, manifest.config, 100)).toString(), /amd64/);
  await assert.rejects(client.blobBytes(ref, manifest.config, 3), { name: 'LimitError' });
  const byDigest = parseReference(`${registry.host}/a/b@${digest}`);
  assert.equal((await client.image(byDigest)).digest, digest);
  assert.equal(registry.requests.filter(({ path }) => path === '/v2/').length, 1);
});

test('an index: the platform that is asked for, and both digests', async () => {
  const { registry, client } = await setup();
  const entry = (os: string, architecture: string) => ({
    ...registry.pushImage('m/n', `${os}-${architecture}`, { config: { os, architecture } }),
    platform: { os, architecture },
  });
  const entries = [entry('linux', 'arm64'), entry('linux', 'amd64')];
  const inner = registry.pushManifest('m/n', 'inner', { schemaVersion: 2, manifests: entries }, mediaTypes.ociIndex);
  registry.pushManifest(
    'm/n',
    'outer',
    { schemaVersion: 2, manifests: [{ ...inner, platform: entries[1]!.platform }] },
    mediaTypes.dockerIndex,
  );
  const ask = (tag: string, platform?: string) => client.image(parseReference(`${registry.host}/m/n:${tag}`), platform);
  const first = await ask('inner');
  assert.deepEqual(
    [first.digest, first.manifestDigest, first.index?.manifests.length],
    [inner.digest, entries[1]!.digest, 2],
  );
  assert.equal((await ask('inner', 'linux/arm64')).manifestDigest, entries[0]!.digest);
  assert.equal((await ask('outer')).manifestDigest, entries[1]!.digest);
  assert.equal((await ask('linux-arm64', 'linux/s390x')).manifestDigest, entries[0]!.digest);
  await assert.rejects(
    ask('inner', 'linux/s390x'),
    fails('registry/no-platform', /linux\/s390x/, /linux\/arm64, linux\/amd64/),
  );
  await assert.rejects(ask('inner', 'linux'), fails('platform/invalid'));
  let loop = registry.pushManifest('m/n', 'x', { schemaVersion: 2, manifests: entries }, mediaTypes.ociIndex);
  for (let i = 0; i < 4; i++)
    loop = registry.pushManifest('m/n', 'deep', { schemaVersion: 2, manifests: [loop] }, mediaTypes.ociIndex);
  await assert.rejects(ask('deep'), fails('registry/bad-manifest', /nested/));
});

test('credentials: basic, bearer, refresh token, registry token, in their order', async () => {
  const users = { me: 'hunter2hunter2' };
  const [right] = [{ username: 'me', password: 'hunter2hunter2' }];
  const wrong = { username: 'me', password: 'hunter2wrong' };
  const auth = Buffer.from('me:hunter2hunter2').toString('base64');
  const cases: readonly [string, FakeRegistryOptions, RegistryOptions, ((host: string) => string)?][] = [
    ['open token', { auth: 'bearer', open: true }, {}],
    ['basic', { auth: 'basic', users }, { credentials: [right] }],
    ['bearer', { auth: 'bearer', users }, { credentials: [right] }],
    ['second pair', { auth: 'bearer', users }, { credentials: [wrong, right] }],
    ['second pair, basic', { auth: 'basic', users }, { credentials: [wrong, right] }],
    ['wrong pair, open registry', { auth: 'bearer', users, open: true }, { credentials: [wrong] }],
    ['configuration', { auth: 'bearer', users }, { credentials: [wrong] }, config({ auth })],
    ['configuration, plain pair', { auth: 'basic', users }, {}, config({ username: 'me', password: 'hunter2hunter2' })],
    [
      'refresh token',
      { auth: 'bearer', refreshTokens: ['hunter2refresh'] },
      {},
      config({ identitytoken: 'hunter2refresh' }),
    ],
    [
      '<token> user',
      { auth: 'bearer', refreshTokens: ['hunter2refresh'] },
      { credentials: [{ username: '<token>', password: 'hunter2refresh' }] },
    ],
  ];
  for (const [name, registryOptions, options, inline] of cases) {
    const registry = kept(await fakeRegistry(registryOptions));
    registry.pushImage('a/b', '1');
    const world = fakeWorld({ env: inline ? { DOCKER_AUTH_CONFIG: inline(registry.host) } : {} });
    const client = kept(createRegistryClient(options, world));
    const ref = parseReference(`${registry.host}/a/b:1`);
    const { manifest } = await client.image(ref).catch((error: unknown) => assert.fail(`${name}: ${String(error)}`));
    await client.blobBytes(ref, manifest.config, 1000);
    assert.doesNotMatch(world.written.log, /hunter2/);
    const asked = registry.requests.filter(({ path }) => path === '/token');
    for (const { method, query, body } of asked) {
      const scope = method === 'POST' ? new URLSearchParams(body).get('scope') : query.get('scope');
      assert.equal(scope, 'repository:a/b:pull', name);
    }
  }
});

test('a registry token is sent as it is, and nothing else', async () => {
  const { registry, client, ref } = await setup(
    { auth: 'bearer', users: { me: 'pw' } },
    { registryToken: 'hunter2token', credentials: [{ username: 'me', password: 'pw' }] },
  );
  await assert.rejects(
    client.image(ref),
    fails('registry/unauthorized', /401: UNAUTHORIZED/, /refused: credentials of --registry-token/),
  );
  registry.tokens.add('hunter2token');
  await client.image(ref);
  assert.equal(
    registry.requests.some(({ path }) => path === '/token'),
    false,
  );
});

test('a token that ended is fetched anew; tokens are shared by parallel requests', async () => {
  const { registry, client, ref } = await setup({ auth: 'bearer', open: true });
  const { manifest } = await client.image(ref);
  registry.tokens.clear();
  assert.equal((await client.blobBytes(ref, manifest.layers[0]!, 100)).toString(), 'layer');
  const before = registry.requests.filter(({ path }) => path === '/token').length;
  await Promise.all(Array.from({ length: 8 }, () => client.blobBytes(ref, manifest.config, 1000)));
  assert.equal(registry.requests.filter(({ path }) => path === '/token').length, before);
});

test('refusals are told apart, each with what to do', async () => {
  const told = JSON.stringify({ errors: [{ code: 'DENIED', message: 'no\u001b[31m access\nfor hunter2hunter2' }] });
  const credentials = [{ username: 'me', password: 'hunter2hunter2' }];
  const cases: readonly [FakeRegistryOptions, string, RegExp, RegExp][] = [
    [
      status(401, told),
      'registry/unauthorized',
      /401: DENIED no/,
      /refused: credentials of --username; .*docker login 127/,
    ],
    [status(403, told), 'registry/forbidden', /403: DENIED no/, /docker login/],
    [status(404, told), 'registry/not-found', /a\/b:1: not found \(404: DENIED/, /tag/],
    [status(429, '', { 'retry-after': '3600' }), 'registry/rate-limited', /status 429/, /log in/],
    [status(500, '<html>'.repeat(100)), 'registry/unavailable', /status 500/, /try again/],
    [status(418), 'registry/bad-answer', /status 418/, /registry/],
    [status(200, 'x', { 'content-type': 'text/html' }), 'registry/bad-manifest', /not JSON/, /./],
    [
      status(200, '{"schemaVersion":2}', { 'content-type': 'text/html' }),
      'registry/unsupported-media-type',
      /text\/html/,
      /./,
    ],
    [status(200, ' '.repeat(9 * 1024 * 1024)), 'registry/bad-manifest', /larger/, /./],
    [{ auth: 'basic', users: {} }, 'registry/unauthorized', /401: UNAUTHORIZED/, /--password/],
    [{ auth: 'bearer', users: {} }, 'registry/unauthorized', /401: UNAUTHORIZED/, /--password/],
    [{ intercept: () => ({ status: 503 }) }, 'registry/unavailable', /503/, /./],
    [
      { intercept: ({ path }) => (path === '/v2/' ? { status: 400, body: 'what?' } : undefined) },
      'registry/bad-answer',
      /400/,
      /./,
    ],
  ];
  for (const [registryOptions, code, message, hint] of cases) {
    const { client, ref } = await setup(registryOptions, { credentials });
    await assert.rejects(client.image(ref), fails(code, message, hint));
  }
});

test('what the token server may not do', async () => {
  for (const value of ['ftp://x/', 'nonsense', 'file:///etc/passwd']) {
    const { client, ref } = await setup(realm(value));
    await assert.rejects(client.image(ref), fails('registry/bad-answer', /token server/));
  }
  const { client, ref } = await setup(
    { ...realm('http://127.0.0.1:9/token'), tls },
    { caFile: fixture('localhost.crt') },
  );
  await assert.rejects(client.image(ref), fails('registry/bad-answer', /plain http/));
  for (const body of ['no json', '{}', '{"token":"a\\nb"}', 'null', `"${'x'.repeat(2e6)}"`]) {
    const broken = await setup({
      auth: 'bearer',
      open: true,
      intercept: ({ path }) => (path === '/token' ? { body } : undefined),
    });
    await assert.rejects(broken.client.image(broken.ref), fails('registry/bad-answer', /no token/));
  }
});

test('failures in passing are tried again, Retry-After is honoured', async () => {
  const { client, ref, world } = await setup({
    intercept: ({ path }, count) => {
      if (!path.includes('/manifests/')) return undefined;
      return [{ status: 429, headers: { 'retry-after': '7' } }, { status: 502 }, { body: 'x', cutAfter: 0 }][count];
    },
  });
  await client.image(ref);
  assert.ok(world.slept.includes(7000));
  assert.equal(world.slept.length, 1 + 3);
});

test('blobs: cut connections are taken up, with and without ranges', async () => {
  const content = randomBytes(300_000);
  for (const ranges of [true, false]) {
    const { registry, client, ref } = await setup({
      intercept: (request, count) => {
        if (!request.path.includes('/blobs/') || request.path.includes(configDigest)) return undefined;
        const answer = ranges ? blobAnswer(request, content) : { body: content };
        return count < 6 ? { ...answer, cutAfter: ranges ? 40_000 : 40_000 * (count + 1) } : answer;
      },
    });
    const configDigest = 'none';
    const layer = registry.pushBlob(content);
    assert.ok((await collect(client.blob(ref, layer))).equals(content));
    assert.equal(registry.requests.filter(({ path }) => path.includes('/blobs/')).length, 7);
  }
});

test('blobs: without progress it ends', async () => {
  const { registry, client, ref } = await setup({
    intercept: ({ path }) => (path.includes('/blobs/') ? { body: 'x'.repeat(1000), cutAfter: 0 } : undefined),
  });
  await assert.rejects(collect(client.blob(ref, registry.pushBlob(Buffer.from('x')))), fails('registry/unavailable'));
});

test('blobs: other content than promised is refused', async () => {
  const content = Buffer.from('promised');
  const cases: readonly [Buffer, number, RegExp][] = [
    [Buffer.from('replaced'), 8, /it has sha256:/],
    [Buffer.from('promised and more'), 8, /longer than 8 bytes/],
    [content, 7, /longer than 7 bytes/],
  ];
  for (const [sent, size, message] of cases) {
    const { registry, client, ref } = await setup();
    const layer = registry.pushBlob(content);
    registry.blobs.set(layer.digest, sent);
    await assert.rejects(collect(client.blob(ref, { ...layer, size })), fails('registry/bad-digest', message));
  }
  const { registry, client, ref } = await setup();
  const layer = registry.pushBlob(content);
  await assert.rejects(collect(client.blob(ref, { ...layer, size: 9 })), fails('registry/unavailable', /only 8 of 9/));
  await assert.rejects(collect(client.blob(ref, { ...layer, digest: 'sha256:../x' })), fails('registry/bad-digest'));
});

test('a manifest with another digest than asked for is refused', async () => {
  const { registry, client } = await setup({
    intercept: ({ path }) => (path.includes('/manifests/sha256:') ? { body: '{}' } : undefined),
  });
  const { digest } = registry.pushImage('a/b', '2');
  await assert.rejects(client.image(parseReference(`${registry.host}/a/b@${digest}`)), fails('registry/bad-digest'));
});

test('blob storage elsewhere never sees the credentials', async () => {
  const storage = kept(await fakeServer((request) => blobAnswer(request, Buffer.from('layer'))));
  const { client, ref } = await setup(
    { auth: 'basic', users: { me: 'hunter2' }, blobsAt: storage.origin },
    { credentials: [{ username: 'me', password: 'hunter2' }] },
  );
  const { manifest } = await client.image(ref);
  assert.equal((await client.blobBytes(ref, manifest.layers[0]!, 100)).toString(), 'layer');
  assert.deepEqual(
    storage.requests.map(({ headers }) => headers['authorization']),
    [undefined],
  );
});

test('mirrors come first; the registry itself is the last word', async () => {
  const mirror = kept(await fakeRegistry());
  const broken = kept(await fakeRegistry({ intercept: () => ({ status: 500 }) }));
  const pushed = mirror.pushImage('proxy/library/app', '1');
  const mirrors = { 'index.docker.io': [broken.host, `${mirror.host}/proxy`], 'x.invalid': [broken.host] };
  const world = fakeWorld();
  const client = kept(createRegistryClient({ mirrors, attempts: 1, connectAttempts: 1 }, world));
  const ref = parseReference('app:1');
  const { digest, manifest } = await client.image(ref);
  assert.equal(digest, pushed.digest);
  assert.equal((await client.blobBytes(ref, manifest.layers[0]!, 100)).toString(), 'layer');
  assert.match(world.written.log, /WARN\tThe mirror failed/);
  await assert.rejects(client.image(parseReference('x.invalid/app')), fails('registry/dns', /x\.invalid/));
});

test('https first; plain http only where it is allowed', async () => {
  const plain = await setup();
  const { port } = new URL(plain.registry.origin);
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`])
    await plain.client.image(parseReference(`${host}/a/b:1`));
  const secure = await setup({ tls });
  await assert.rejects(secure.client.image(secure.ref), fails('registry/tls', /self.signed/, /--cacert/));
  for (const options of [{ insecure: true }, { caFile: fixture('localhost.crt') }]) {
    await kept(createRegistryClient(options, fakeWorld())).image(secure.ref);
  }
});

test('no registry there', async () => {
  const gone = await fakeRegistry();
  await gone.close();
  const client = kept(createRegistryClient({}, fakeWorld()));
  await assert.rejects(client.image(parseReference(`${gone.host}/a/b`)), fails('registry/unavailable'));
  await assert.rejects(client.image(parseReference('nothing.invalid/a/b')), fails('registry/dns'));
});

test('an abort ends everything with its reason', async () => {
  const reason = new PratiqueError('scan/interrupted');
  const controller = new AbortController();
  const { client, ref } = await setup({
    intercept: ({ path }) => {
      if (!path.includes('/manifests/')) return undefined;
      setTimeout(() => controller.abort(reason), 20);
      return { delay: 5000 };
    },
  });
  await assert.rejects(client.image(ref, undefined, controller.signal), (error) => error === reason);
});
