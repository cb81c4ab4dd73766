/** Replicas and one API server; each has a clock of its own. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { World } from '#platform';
import { fakeWorld } from '#platform/fakes';
import type { KubernetesClient } from '../client/client.js';
import { createKubernetesClient } from '../client/create-client.js';
import { resources } from '../client/resources.js';
import {
  type FakeApiAnswer,
  type FakeApiRequest,
  type FakeApiServer,
  fakeApiServer,
} from '../fakes/fake-api-server.js';
import { whileLeading } from './lease.js';

let server: FakeApiServer;
let client: KubernetesClient;
let intercept: ((request: FakeApiRequest) => FakeApiAnswer | undefined) | undefined;
before(async () => {
  server = await fakeApiServer({ intercept: (request) => intercept?.(request) });
  client = await createKubernetesClient(server.connection, { qps: 10_000, burst: 10_000 }, fakeWorld());
});
after(async () => {
  client.close();
  await server.close();
});
const stops: AbortController[] = [];
const ends: Promise<unknown>[] = [];
afterEach(async () => {
  intercept = undefined;
  for (const stop of stops.splice(0)) stop.abort(new Error('end of the test'));
  await Promise.allSettled(ends.splice(0));
  server.remove(resources.leases, 'operator', 'ns');
});

/** Twenty milliseconds pass in one; `ahead` of the others. */
const clockOf = (ahead: number): World['clock'] => ({
  now: () => new Date(Date.now() * 20 + ahead),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const timer = setTimeout(resolve, ms / 20);
      signal?.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason as Error)), { once: true });
    }),
});

interface Replica {
  readonly stop: AbortController;
  readonly ended: Promise<string>;
  leads: boolean;
}

function replica(identity: string, ahead = 0): Replica {
  const stop = new AbortController();
  const world = fakeWorld({ clock: clockOf(ahead) });
  const one: Replica = { stop, leads: false, ended: Promise.resolve('') };
  const work = async (signal: AbortSignal): Promise<void> => {
    one.leads = true;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    one.leads = false;
  };
  const place = { client, namespace: 'ns', name: 'operator', identity };
  const ended = whileLeading(place, work, world, stop.signal).then(
    () => 'ended',
    (error: Error) => error.message,
  );
  stops.push(stop);
  ends.push(ended);
  return Object.assign(one, { ended });
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 5000, what);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('one leads; it gives the lease back, and the next one begins at once', async () => {
  const first = replica('first');
  await until('a leader', () => first.leads);
  const second = replica('second');
  await pause(100);
  assert.equal(second.leads, false);
  first.stop.abort(new Error('SIGTERM'));
  assert.equal(await first.ended, 'ended');
  await until('the second', () => second.leads);
});

test('clocks that are days apart change nothing: a lease is over when it is not renewed', async () => {
  const first = replica('first', -3 * 86_400_000);
  await until('a leader', () => first.leads);
  const second = replica('second', 3 * 86_400_000);
  await pause(1500);
  assert.deepEqual([first.leads, second.leads], [true, false]);
});

test('a leader that cannot reach the API server stops before another one begins', async () => {
  const first = replica('first');
  await until('a leader', () => first.leads);
  const second = replica('second');
  intercept = ({ body }) => (body.includes('"first"') ? { status: 503, body: {} } : undefined);
  await until('the end of the first', () => !first.leads);
  assert.equal(second.leads, false);
  assert.match(await first.ended, /lease/);
  await until('the second', () => second.leads);
});

test('one that was taken away is lost', async () => {
  const first = replica('first');
  await until('a leader', () => first.leads);
  const lease = server.find(resources.leases, 'operator', 'ns')!;
  server.put(resources.leases, { ...lease, spec: { holderIdentity: 'other', leaseDurationSeconds: 15 } });
  assert.match(await first.ended, /lease/);
});
