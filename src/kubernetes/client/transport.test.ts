/** Identity, limits, waits and second attempts, against the fake API server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tempDirectory } from '#platform';
import { fakeWorld } from '#platform/fakes';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterUser } from './connection.js';
import { createKubernetesClient } from './create-client.js';
import { fakeApiServer, type FakeApiAnswer, type FakeApiRequest } from '../fakes/fake-api-server.js';
import { isTooManyRequests, isUnauthorized, KubernetesError } from './kubernetes-error.js';
import { createRateLimiter } from './rate-limit.js';
import { resources } from './resources.js';

const { configMaps } = resources;

async function withServer(
  intercept: (request: FakeApiRequest, count: number) => FakeApiAnswer | undefined,
  work: (tools: Awaited<ReturnType<typeof setUp>>) => Promise<void>,
  user?: ClusterUser,
): Promise<void> {
  const tools = await setUp(intercept, user);
  try {
    await work(tools);
  } finally {
    tools.client.close();
    await tools.server.close();
  }
}

async function setUp(
  intercept: (request: FakeApiRequest, count: number) => FakeApiAnswer | undefined,
  user: ClusterUser = { kind: 'anonymous' },
) {
  let count = 0;
  const server = await fakeApiServer({ intercept: (request) => intercept(request, count++) });
  const world = fakeWorld();
  const client = createKubernetesClient({ ...server.connection, user }, { qps: 0 }, world);
  server.put(configMaps, { metadata: { name: 'a', namespace: 'x' } });
  return { server, world, client, get: () => client.get(configMaps, 'a', { namespace: 'x' }) };
}

const tooMany = (header?: string): FakeApiAnswer => ({
  status: 429,
  body: { kind: 'Status', reason: 'TooManyRequests', message: 'slow down', details: { retryAfterSeconds: 2 } },
  ...(header && { headers: { 'retry-after': header } }),
});

const asked = ({ headers }: FakeApiRequest) => headers['authorization'];

test('waits as long as the server asks, by header or body', async () => {
  await withServer(
    (_, count) => [tooMany('3'), tooMany()][count],
    async ({ get, world }) => {
      await get();
      const [first = 0, second = 0] = world.slept;
      assert.ok(first >= 3000 && first < 3800 && second >= 2000 && second < 2600, String(world.slept));
    },
  );
});

test('gives up waiting in the end', async () => {
  await withServer(
    () => tooMany('1'),
    async ({ get, server }) => {
      await assert.rejects(get(), (error) => isTooManyRequests(error) && error.retryAfter === 1000);
      assert.equal(server.requests.length, 11);
    },
  );
});

test('a refused identity is renewed once', async () => {
  const folder = await tempDirectory();
  const path = join(folder.path, 'token');
  writeFileSync(path, 'old');
  const user: ClusterUser = { kind: 'token-file', path };
  const intercept = ({ headers }: FakeApiRequest): FakeApiAnswer | undefined => {
    if (headers['authorization'] === 'Bearer new') return undefined;
    writeFileSync(path, 'new');
    return { status: 401, body: { kind: 'Status', reason: 'Unauthorized', message: 'who are you' } };
  };
  await withServer(
    intercept,
    async ({ get, server }) => {
      await get();
      assert.deepEqual(
        server.requests.map(({ headers }) => headers['authorization']),
        ['Bearer old', 'Bearer new'],
      );
    },
    user,
  );
  await withServer(
    () => ({ status: 401 }),
    async ({ get, server }) => {
      await assert.rejects(get(), isUnauthorized);
      assert.equal(server.requests.length, 1);
    },
    { kind: 'token', token: 'fixed' },
  );
  await folder.remove();
});

test('an exec plugin is asked once, and again when its token is refused or over', async () => {
  const folder = await tempDirectory();
  const script = join(folder.path, 'plugin.mjs');
  writeFileSync(
    script,
    `import { appendFileSync, readFileSync } from 'node:fs';
const file = ${JSON.stringify(join(folder.path, 'count'))};
appendFileSync(file, 'x');
const { apiVersion, spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
if (spec.interactive !== false) process.exit(3);
const token = 'token-' + readFileSync(file, 'utf8').length;
console.log(JSON.stringify({ apiVersion, kind: 'ExecCredential', status: { token, expirationTimestamp: process.env.UNTIL } }));`,
  );
  const plugin = (more: object = {}) => ({
    kind: 'exec' as const,
    plugin: {
      command: process.execPath,
      args: [script],
      env: { UNTIL: '2026-01-02T03:14:05Z' },
      apiVersion: 'client.authentication.k8s.io/v1',
      ...more,
    },
  });
  await withServer(
    (request) =>
      asked(request) === 'Bearer token-1'
        ? undefined
        : asked(request) === 'Bearer token-2'
          ? undefined
          : { status: 401 },
    async ({ get, server, world }) => {
      await get();
      await get();
      await world.clock.sleep(3_600_000);
      await get();
      assert.deepEqual(server.requests.map(asked), ['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
    },
    plugin(),
  );
  const failures: readonly (readonly [object, RegExp, string])[] = [
    [{ command: join(folder.path, 'nowhere'), installHint: 'get it' }, /nowhere: not found/, 'get it'],
    [{ args: ['-e', 'console.error("one\\nno log-in"); process.exit(4)'] }, /no log-in/, 'run it by hand to see why'],
    [{ args: ['-e', 'console.log("secret")'] }, /is not an ExecCredential/, 'run it by hand to see why'],
    [
      { args: ['-e', 'console.log(`{"kind":"ExecCredential","status":{}}`)'] },
      /neither a token/,
      'run it by hand to see why',
    ],
  ];
  for (const [more, message, hint] of failures) {
    await withServer(
      () => undefined,
      async ({ get }) => {
        await assert.rejects(get(), { code: 'kubernetes/credentials', message, hint });
      },
      plugin(more),
    );
  }
  await folder.remove();
});

test('reading is tried again when the connection breaks, writing is not', async () => {
  await withServer(
    (_, count) => (count < 2 ? { broken: true } : undefined),
    async ({ get, server }) => {
      await get();
      assert.equal(server.requests.length, 3);
    },
  );
  await withServer(
    () => ({ broken: true }),
    async ({ client, server, get }) => {
      const object = { metadata: { name: 'b', namespace: 'x' } };
      await assert.rejects(client.create(configMaps, object), { code: 'kubernetes/unreachable' });
      assert.equal(server.requests.length, 1);
      await assert.rejects(get(), { code: 'kubernetes/unreachable' });
      assert.equal(server.requests.length, 5);
    },
  );
});

test('errors carry status, reason and message, whatever the body is', async () => {
  const cases: readonly (readonly [number, unknown, string, RegExp])[] = [
    [
      403,
      { kind: 'Status', reason: 'Forbidden', message: 'not you' },
      'Forbidden',
      /get ConfigMap x\/a: forbidden: not you/,
    ],
    [502, '<html>bad gateway</html>', 'Unknown', /bad gateway/],
    [500, '', 'InternalError', /InternalError \(500\)/],
    [301, '', 'Unknown', /301/],
  ];
  for (const [status, body, reason, message] of cases) {
    await withServer(
      () => ({ status, body, headers: { location: 'http://elsewhere/' } }),
      async ({ get }) => {
        await assert.rejects(get(), (error) => {
          assert.ok(error instanceof KubernetesError);
          assert.deepEqual([error.status, error.reason], [status, reason]);
          assert.match(error.message, message);
          return true;
        });
      },
    );
  }
});

test('a time-out and an abort end a request', async () => {
  const server = await fakeApiServer({ intercept: () => new Promise(() => {}) });
  const client = createKubernetesClient(server.connection, {}, fakeWorld());
  await assert.rejects(client.get(configMaps, 'a', { timeout: 30 }), /no answer within 0.03 s/);
  const signal = AbortSignal.timeout(30);
  await assert.rejects(client.get(configMaps, 'a', { signal }), (error) => error === signal.reason);
  client.close();
  await server.close();
});

test('requests are spread out after a burst', async () => {
  const world = fakeWorld();
  const limiter = createRateLimiter({ qps: 10, burst: 3 }, world.clock);
  for (let i = 0; i < 6; i++) await limiter(world.signal);
  assert.deepEqual(world.slept, [100, 100, 100]);
});

test('impersonation goes with each request', async () => {
  const server = await fakeApiServer();
  const impersonate = { user: 'anna', groups: ['shop'], extra: new Map([['Why', 'test']]) };
  const client = createKubernetesClient({ ...server.connection, impersonate }, {}, fakeWorld());
  await client.request('/version');
  const { headers } = server.requests[0]!;
  assert.equal(headers['impersonate-user'], 'anna');
  assert.equal(headers['impersonate-group'], 'shop');
  assert.equal(headers['impersonate-extra-why'], 'test');
  client.close();
  await server.close();
});
