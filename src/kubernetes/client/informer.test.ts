/** The cache against the fake API server: what it calls back, and how it finds its way after failures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#platform';
import { fakeWorld } from '#platform/fakes';
import { changeObject } from './change-object.js';
import { createKubernetesClient } from './create-client.js';
import { fakeApiServer, type FakeApiServer, type FakeApiServerOptions } from '../fakes/fake-api-server.js';
import { createInformer, type InformerOptions } from './informer.js';
import type { ConfigMap } from './pod-types.js';
import { resources } from './resources.js';

const { configMaps } = resources;
const map = (name: string, v: string): ConfigMap => ({ metadata: { name, namespace: 'x' }, data: { v } });

async function follow(
  work: (tools: {
    server: FakeApiServer;
    put: (name: string, v: string) => void;
    /** Waits until these were called back, and nothing else. */
    saw: (...expected: string[]) => Promise<void>;
    failures: string[];
    informer: ReturnType<typeof createInformer<ConfigMap, string>>;
  }) => Promise<void>,
  options: Partial<InformerOptions<ConfigMap, string>> = {},
  faults: FakeApiServerOptions = {},
): Promise<void> {
  const server = await fakeApiServer(faults);
  // Time passes, but nobody waits for it.
  const clock = { now: systemClock.now, sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 1)) };
  const world = fakeWorld({ clock });
  const client = createKubernetesClient(server.connection, { qps: 0 }, world);
  const seen: string[] = [];
  const failures: string[] = [];
  server.put(configMaps, map('a', '1'));
  server.put(configMaps, map('b', '1'));
  const informer = createInformer<ConfigMap, string>(
    {
      client,
      type: configMaps,
      project: ({ data }) => (data?.['v'] === 'hidden' ? undefined : (data?.['v'] ?? '')),
      onAdd: (value, key) => void seen.push(`+${key}=${value}`),
      onUpdate: (value, previous, key) => void seen.push(`${key}=${previous}>${value}`),
      onDelete: (_, key) => void seen.push(`-${key}`),
      onFailure: (error) => void failures.push(error.message),
      ...options,
    },
    world,
  );
  const ending = new AbortController();
  const running = informer.run(ending.signal);
  const saw = async (...expected: string[]): Promise<void> => {
    for (let tries = 0; tries < 300 && seen.length < expected.length; tries++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(seen.splice(0).sort(), expected.sort());
  };
  try {
    await informer.synced;
    await saw('+x/a=1', '+x/b=1');
    await work({ server, put: (name, v) => void server.put(configMaps, map(name, v)), saw, failures, informer });
  } finally {
    ending.abort();
    await running;
    client.close();
    await server.close();
  }
}

const watching = async (server: FakeApiServer): Promise<void> => {
  for (let tries = 0; tries < 300 && server.watches === 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(server.watches, 1);
};

test('adds, updates, deletes; keeps projections alone', async () => {
  await follow(async ({ server, put, saw, informer }) => {
    put('c', '1');
    await saw('+x/c=1');
    put('a', '2');
    await saw('x/a=1>2');
    server.remove(configMaps, 'b', 'x');
    await saw('-x/b');
    assert.deepEqual(
      [...informer.entries()],
      [
        ['x/a', '2'],
        ['x/c', '1'],
      ],
    );
    assert.deepEqual([informer.get('x/c'), informer.size, informer.isSynced], ['1', 2, true]);
    assert.ok(informer.lastHeard);
  });
});

test('what is no longer wanted is deleted, and comes back', async () => {
  await follow(async ({ put, saw }) => {
    put('a', 'hidden');
    await saw('-x/a');
    put('a', '3');
    await saw('+x/a=3');
  });
});

test('goes on after an ended and a broken watch, without a new list', async () => {
  await follow(async ({ server, put, saw }) => {
    for (const broken of [false, true]) {
      await watching(server);
      server.endWatches(broken);
      put('a', `ended ${broken}`);
      await saw(broken ? 'x/a=ended false>ended true' : 'x/a=1>ended false');
    }
    assert.equal(server.requests.filter(({ query }) => !query.get('watch')).length, 1);
  });
});

test('lists again when its version expired, and tells only what differs', async () => {
  await follow(async ({ server, put, saw, failures }) => {
    await watching(server);
    put('a', '2');
    await saw('x/a=1>2');
    server.endWatches();
    server.remove(configMaps, 'b', 'x');
    put('c', '1');
    server.expire();
    await saw('-x/b', '+x/c=1');
    assert.ok(failures.some((message) => /too old resource version/.test(message)));
  });
});

test('an object made anew between two lists is deleted and added', async () => {
  await follow(async ({ server, put, saw }) => {
    await watching(server);
    server.endWatches();
    server.remove(configMaps, 'a', 'x');
    put('a', '1');
    server.expire();
    await saw('-x/a', '+x/a=1');
  });
});

test('a bookmark moves the version on', async () => {
  await follow(async ({ server, put, saw }) => {
    await watching(server);
    server.expire();
    server.bookmark();
    await new Promise((resolve) => setTimeout(resolve, 50));
    server.endWatches();
    put('a', '2');
    await saw('x/a=1>2');
    assert.equal(server.requests.filter(({ query }) => !query.get('watch')).length, 1);
  });
});

test('waits longer and longer while the server fails, and recovers', async () => {
  let failing = false;
  const intercept = () => (failing ? { status: 500, body: 'down' } : undefined);
  await follow(
    async ({ server, put, saw, failures }) => {
      await watching(server);
      failing = true;
      server.endWatches();
      while (failures.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
      failing = false;
      put('a', '2');
      await saw('x/a=1>2');
    },
    {},
    { intercept },
  );
});

test('a list whose position expires begins again', async () => {
  let expired = 0;
  const gone = { status: 410, body: { kind: 'Status', reason: 'Expired', message: 'continue is too old' } };
  const intercept = ({ query }: { query: URLSearchParams }) =>
    query.get('continue') && expired++ < 1 ? gone : undefined;
  await follow(async ({ informer }) => assert.equal(informer.size, 2), { pageSize: 1 }, { intercept });
  assert.ok(expired > 1);
});

test('metadata alone is asked for and got', async () => {
  await follow(
    async ({ server }) => {
      await watching(server);
      for (const { headers } of server.requests) assert.match(String(headers['accept']), /as=PartialObjectMetadata/);
    },
    { metadataOnly: true, project: ({ data }) => (data ? 'whole' : '1') },
  );
});

test('a resync calls back for everything', async () => {
  await follow(async ({ saw }) => saw('x/a=1>1', 'x/b=1>1'), { resync: 40 });
});

const failing = (): never => {
  throw new TypeError('a bug');
};

test('an error of a callback ends it', async () => {
  const server = await fakeApiServer();
  const client = createKubernetesClient(server.connection, {}, fakeWorld());
  server.put(configMaps, map('a', '1'));
  const informer = createInformer({ client, type: configMaps, project: () => 1, onAdd: failing }, fakeWorld());
  await assert.rejects(informer.run(new AbortController().signal), /a bug/);
  client.close();
  await server.close();
});

test('an object is changed again from the start after a conflict', async () => {
  const server = await fakeApiServer();
  const world = fakeWorld();
  const client = createKubernetesClient(server.connection, {}, world);
  server.put(configMaps, map('a', '1'));
  let disturbed = 0;
  const change = (current: ConfigMap): ConfigMap => {
    if (disturbed++ < 2) server.put(configMaps, { ...current, data: { v: String(10 * disturbed) } });
    return { ...current, data: { v: `${current.data?.['v']}!` } };
  };
  const changed = await changeObject(client, configMaps, 'a', change, { namespace: 'x' }, world);
  assert.equal(changed.data?.['v'], '20!');
  assert.equal(world.slept.length, 2);
  client.close();
  await server.close();
});
