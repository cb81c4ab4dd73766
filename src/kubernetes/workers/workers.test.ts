/** Coordinator and workers against one API server; time is ours. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fakeWorld } from '#platform/fakes';
import type { ScanRecord } from '#scan';
import type { KubernetesClient } from '../client/client.js';
import { createKubernetesClient } from '../client/create-client.js';
import type { ImageTask } from '../cluster/plan-images.js';
import { type FakeApiServer, fakeApiServer } from '../fakes/fake-api-server.js';
import type { Taken } from '../operator/find-inventory.js';
import { askWorkers, type Workers } from './ask-workers.js';
import { type ImageScan, imageScans, scanName, unpackRecord } from './image-scan.js';
import { createWorker, type WorkerOptions } from './run-worker.js';

const namespace = 'ns';
let server: FakeApiServer;
let client: KubernetesClient;
let now = Date.parse('2099-01-01T00:00:00Z');
/** Milliseconds that pass in one. */
let speed = 1000;
const world = fakeWorld({
  clock: {
    now: () => new Date(now),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const end = now + ms;
        const look = setInterval(() => {
          if (signal?.aborted) reject(signal.reason as Error);
          else if (now >= end) resolve();
          else return;
          clearInterval(look);
        }, 1);
      }),
  },
});
let ticking: NodeJS.Timeout;
const stops: AbortController[] = [];
const running: Promise<unknown>[] = [];

before(async () => {
  server = await fakeApiServer();
  client = await createKubernetesClient(server.connection, { qps: 10_000, burst: 10_000 }, world);
  ticking = setInterval(() => (now += speed), 1);
});
after(async () => {
  clearInterval(ticking);
  client.close();
  await server.close();
});
beforeEach(() => {
  speed = 1000;
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop.abort(new Error('end of the test'));
  await Promise.allSettled(running.splice(0));
  for await (const { metadata } of client.list(imageScans, { namespace }))
    server.remove(imageScans, metadata.name!, namespace);
});

const taskOf = (key: string): ImageTask => ({
  key,
  references: [`made/${key}:1`],
  platforms: ['linux/amd64'],
  workloads: [{ namespace: 'shop', pullSecrets: ['pull'], serviceAccount: 'default' } as never],
});

const found = (name: string): Taken => ({
  platform: 'linux/amd64',
  record: {
    artifactName: name,
    artifactType: 'container_image',
    metadata: {},
    inventory: { packages: [], applications: [], diagnostics: [] },
    secretResults: [],
  },
});

function coordinate(here: string[] = []): Workers {
  const stop = new AbortController();
  stops.push(stop);
  const workers = askWorkers(
    {
      client,
      namespace,
      signature: 'rules',
      identity: 'coordinator',
      async takeHere(task) {
        here.push(task.key);
        return found(`here ${task.key}`);
      },
    },
    { ...world, signal: stop.signal },
  );
  running.push(workers.run(stop.signal));
  return workers;
}

type Read = WorkerOptions['read'];

function work(identity: string, read: Read, more: Partial<WorkerOptions> = {}): AbortController {
  const stop = new AbortController();
  stops.push(stop);
  const onScan = (): void => {};
  const worker = createWorker(
    { client, namespace, identity, signature: 'rules', workers: 1, onScan, read, ...more },
    world,
  );
  running.push(worker.run(stop.signal));
  return stop;
}

/** Never ends by itself. */
const stuck: Read = (_, signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ error: 'interrupted' }), { once: true });
  });
const nameIn = (taken: Taken): string => ('record' in taken ? taken.record.artifactName : taken.error);
const scans = async (): Promise<ImageScan[]> => {
  const all: ImageScan[] = [];
  for await (const one of client.list(imageScans, { namespace })) all.push(one);
  return all;
};
const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 1));
};

test('several workers share the images; each is read once, and nothing is left behind', async () => {
  speed = 10;
  const read: string[] = [];
  for (const name of ['a', 'b', 'c'])
    work(name, async ({ references }) => {
      read.push(references[0]!);
      await new Promise((resolve) => setTimeout(resolve, 2));
      return found(`${references[0]} by ${name}`);
    });
  const workers = coordinate();
  const tasks = Array.from({ length: 30 }, (_, i) => taskOf(`image-${i}`));
  const results = await Promise.all(tasks.map((task) => workers.take(task)));
  assert.deepEqual(
    results.map((one) => nameIn(one).split(' ')[0]),
    tasks.map(({ references }) => references[0]),
  );
  assert.deepEqual(read.toSorted(), tasks.map(({ references }) => references[0]!).toSorted());
  assert.deepEqual(await scans(), []);
});

test('what the workload may be pulled with goes along; a failure comes back with its reason', async () => {
  let seen: unknown;
  work('a', async ({ workloads }) => {
    seen = workloads;
    return { error: 'no such image', code: 'registry/not-found' };
  });
  const taken = await coordinate().take(taskOf('x'));
  assert.deepEqual(taken, { error: 'no such image', code: 'registry/not-found' });
  assert.deepEqual(seen, [{ namespace: 'shop', pullSecrets: ['pull'], serviceAccount: 'default' }]);
});

test('a worker that dies: after its claim is over, another one reads the image', async () => {
  const workers = coordinate();
  const taking = workers.take(taskOf('x'));
  // Claimed by one that is gone: nobody renews.
  await until(async () => (await scans()).length === 1);
  const [scan] = await scans();
  const status = { phase: 'Running', worker: 'dead', attempts: 1 } as const;
  await client.update(imageScans, { ...scan!, status }, { subresource: 'status' });
  const began = now;
  work('alive', async () => found('by the other'));
  assert.equal(nameIn(await taking), 'by the other');
  assert.ok(now - began >= 20_000);
});

test('a worker that renews its claim keeps it, however long it takes', async () => {
  speed = 50;
  let finish: (() => void) | undefined;
  work('slow', () => new Promise((resolve) => (finish = () => resolve(found('by the slow one')))));
  const here: string[] = [];
  const taking = coordinate(here).take(taskOf('x'));
  await until(() => finish !== undefined);
  work('other', async () => found('by the other'));
  const began = now;
  await until(() => now - began > 100_000);
  finish!();
  assert.equal(nameIn(await taking), 'by the slow one');
  assert.deepEqual(here, []);
});

test('a worker that is told to end gives its claim back, and the attempt does not count', async () => {
  const ending = work('ending', stuck);
  const taking = coordinate().take(taskOf('x'));
  await until(async () => (await scans())[0]?.status?.phase === 'Running');
  ending.abort(new Error('SIGTERM'));
  await until(async () => (await scans())[0]?.status?.phase === 'Waiting');
  assert.equal((await scans())[0]!.status!.attempts, 0);
  work('next', async () => found('by the next'));
  assert.equal(nameIn(await taking), 'by the next');
});

test('an image that takes three workers with it is given up', async () => {
  const taking = coordinate().take(taskOf('x'));
  await until(async () => (await scans()).length === 1);
  const [scan] = await scans();
  const status = { phase: 'Running', worker: 'third', attempts: 3 } as const;
  await client.update(imageScans, { ...scan!, status }, { subresource: 'status' });
  let reads = 0;
  work('careful', async () => (reads++, found('x')));
  const taken = await taking;
  assert.ok(!('record' in taken) && taken.code === 'scan/worker-lost', JSON.stringify(taken));
  assert.equal(reads, 0);
});

test('without workers, or with workers of other rules, the coordinator reads the image itself', async () => {
  const here: string[] = [];
  let reads = 0;
  work('stranger', async () => (reads++, found('x')), { signature: 'other rules' });
  assert.equal(nameIn(await coordinate(here).take(taskOf('x'))), 'here x');
  assert.deepEqual([here, reads], [['x'], 0]);
  assert.deepEqual(await scans(), []);
});

test('what is too large to be handed over is read by the coordinator', async () => {
  const noise = Array.from({ length: 300_000 }, (_, i) => (i * 2_654_435_761) % 4_294_967_296).join();
  work('a', async () => {
    const { record } = found('large') as { record: ScanRecord };
    return { platform: 'linux/amd64', record: { ...record, artifactName: noise } };
  });
  assert.equal(nameIn(await coordinate().take(taskOf('x'))), 'here x');
});

test('a new coordinator takes what the last one asked for', async () => {
  const first = coordinate();
  const lost = first.take(taskOf('x')).catch(() => undefined);
  await until(async () => (await scans()).length === 1);
  stops[0]!.abort(new Error('killed'));
  await lost;
  let reads = 0;
  work('a', async () => (reads++, found('x')));
  await until(async () => (await scans())[0]?.status?.phase === 'Succeeded');
  assert.equal(nameIn(await coordinate().take(taskOf('x'))), 'x');
  assert.equal(reads, 1);
});

test('a scan that is removed while it is read: the worker stops, and the coordinator asks again', async () => {
  let aborted = 0;
  let reads = 0;
  work('a', async (image, signal) => {
    if (++reads > 1) return found('x');
    const taken = await stuck(image, signal);
    aborted++;
    return taken;
  });
  const taking = coordinate().take(taskOf('x'));
  await until(async () => (await scans())[0]?.status?.phase === 'Running');
  server.remove(imageScans, scanName(taskOf('x')), namespace);
  assert.equal(nameIn(await taking), 'x');
  assert.equal(aborted, 1);
});

test('a result that is none counts as none', () => {
  for (const text of ['', 'x', Buffer.from('{}').toString('base64')]) assert.equal(unpackRecord(text), undefined);
});
