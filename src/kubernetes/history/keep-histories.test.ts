import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Vulnerability } from '#model';
import { eventTypes } from '#notify';
import { fakeServer, type FakeAnswer, type FakeServer, fakeWorld } from '#platform/fakes';
import type { KubernetesClient } from '../client/client.js';
import { createKubernetesClient } from '../client/create-client.js';
import type { ImageTask } from '../cluster/plan-images.js';
import {
  type FakeApiAnswer,
  type FakeApiRequest,
  type FakeApiServer,
  fakeApiServer,
} from '../fakes/fake-api-server.js';
import type { Assessment } from '../reports/report-head.js';
import { baselineName, type FindingHistory, findingHistories, historyName, unpackState } from './history-resource.js';
import { createHistories, type Histories, imageOf } from './keep-histories.js';
import { sendEvents } from './send-events.js';

let server: FakeApiServer;
let client: KubernetesClient;
let receiver: FakeServer;
let intercept: ((request: FakeApiRequest) => FakeApiAnswer | undefined) | undefined;
let answers: FakeAnswer[] = [];
let now = Date.parse('2099-01-01T00:00:00Z');
const world = fakeWorld({
  clock: { now: () => new Date(now), sleep: (_, signal) => (signal?.throwIfAborted(), new Promise(setImmediate)) },
});

before(async () => {
  server = await fakeApiServer({ intercept: (request) => intercept?.(request) });
  client = await createKubernetesClient(server.connection, { qps: 1000, burst: 1000 }, world);
  receiver = await fakeServer(() => answers.shift() ?? {});
});
after(async () => {
  client.close();
  await Promise.all([server.close(), receiver.close()]);
});
beforeEach(async () => {
  for await (const { metadata } of client.list(findingHistories, { namespace: 'ns' }))
    server.remove(findingHistories, metadata.name!, 'ns');
  receiver.requests.length = 0;
  answers = [];
  intercept = undefined;
});

const task = (letter: string, name = 'registry.example/made/app'): ImageTask => ({
  key: `sha256:${letter} linux/amd64`,
  references: [`${name}@sha256:${letter.repeat(64)}`],
  platforms: ['linux/amd64'],
  workloads: [],
});

const assessed = (...ids: readonly string[]): Assessment => ({
  platform: 'linux/amd64',
  version: '1',
  lists: [],
  isPartial: false,
  knownExploited: (id) => id.endsWith('!'),
  exploitProbability: () => undefined,
  report: {
    artifactName: 'x',
    artifactType: 'container_image',
    createdAt: new Date(now).toISOString(),
    reportId: 'id',
    metadata: {},
    diagnostics: [],
    results: [
      {
        target: 'x',
        class: 'os-pkgs',
        vulnerabilities: ids.map((id): Vulnerability => ({
          kind: 'vulnerability',
          id,
          package: { name: 'made', version: '1' },
          installedVersion: '1',
          status: 'fixed',
          severity: 'HIGH',
        })),
      },
    ],
  },
});

const events: string[] = [];
async function open(sinks = ['webhook']): Promise<Histories> {
  const histories = createHistories(
    {
      client,
      namespace: 'ns',
      sinks,
      choice: { types: eventTypes, severities: ['HIGH'] },
      removeAfter: 300_000,
      onEvent: (type) => events.push(type),
      onDropped: (count) => events.push(`dropped ${count}`),
    },
    world,
  );
  await histories.load();
  return histories;
}

/** After the baseline. */
async function opened(...ids: readonly string[]): Promise<Histories> {
  const histories = await open();
  await histories.record(task('a'), assessed(...ids));
  await histories.complete();
  await histories.taken(baselineName, new Set((await waiting(histories)).map(({ id }) => id)), 'webhook');
  return histories;
}

const waiting = async (histories: Histories) =>
  (await histories.pending()).flatMap((one) => one.events.map(({ event }) => event));
const told = async (histories: Histories): Promise<string[]> =>
  (await waiting(histories)).map(({ type, findings }) => `${type} ${findings.map(({ id }) => id).join()}`);

test('the first look is one summary, whatever there is; a new process goes on where it was', async () => {
  const first = await open();
  await first.record(task('a'), assessed('CVE-1', 'CVE-2'));
  assert.deepEqual(await told(first), []);
  // Killed before the end of the first look.
  const second = await open();
  assert.ok(second.knows(task('a')));
  await second.record(task('b', 'registry.example/made/other'), assessed('CVE-1', 'CVE-3!'));
  await second.complete();
  await second.complete();
  const [event, ...others] = await waiting(second);
  assert.deepEqual(others, []);
  assert.equal(event!.type, 'Summary');
  assert.equal(event!.summary!.images, 2);
  assert.equal(event!.summary!.findings.HIGH, 4);
  assert.equal(event!.summary!.exploited, 1);
  assert.deepEqual(await told(await open()), ['Summary ']);
});

test('a new finding is one event, also when it is recorded again after a crash', async () => {
  const histories = await opened('CVE-1');
  await histories.record(task('a'), assessed('CVE-1', 'CVE-2'));
  // The report was never written: the next process assesses the image again.
  const next = await open();
  await next.record(task('a'), assessed('CVE-1', 'CVE-2'));
  assert.deepEqual(await told(next), ['New CVE-2']);
});

test('what is known to be exploited by now; an image name that was never seen', async () => {
  const histories = await opened('CVE-1');
  const stored = server.find<FindingHistory>(findingHistories, historyName(imageOf(task('a'))), 'ns')!;
  assert.deepEqual(unpackState(stored.spec), { [task('a').key]: { 'CVE-1 made': ['HIGH', 0] } });
  const exploited = { ...assessed('CVE-1'), knownExploited: () => true };
  await histories.record(task('a'), exploited);
  await histories.record(task('c', 'registry.example/made/new'), assessed('CVE-5', 'CVE-6'));
  assert.deepEqual(await told(histories), ['KevAdded CVE-1', 'New CVE-5,CVE-6']);
});

test('a rollout: fixed when the old image is gone for long, and the new one was assessed', async () => {
  const histories = await opened('CVE-1', 'CVE-2');
  await histories.retire([task('b')]);
  now += 600_000;
  await histories.retire([task('b')]);
  assert.deepEqual(await told(histories), [], 'the new one could not be assessed yet');
  await histories.record(task('b'), assessed('CVE-2'));
  await histories.retire([task('b')]);
  assert.deepEqual(await told(histories), []);
  now += 300_001;
  await histories.retire([task('b')]);
  assert.deepEqual(await told(histories), ['Fixed CVE-1']);
});

test('an image that does not run any more is not fixed; it is forgotten after a week', async () => {
  const histories = await opened('CVE-1');
  const name = historyName(imageOf(task('a')));
  await histories.retire([]);
  assert.deepEqual(await told(histories), []);
  await histories.retire([task('a')]);
  assert.equal(server.find<FindingHistory>(findingHistories, name, 'ns')!.spec.goneSince, undefined);
  await histories.retire([]);
  now += 8 * 86_400_000;
  await histories.retire([]);
  assert.equal(server.find(findingHistories, name, 'ns'), undefined);
});

test('somebody else wrote in between: read and tried again', async () => {
  const histories = await opened('CVE-1');
  let conflicts = 2;
  intercept = ({ method }) =>
    method === 'PUT' && conflicts-- > 0
      ? { status: 409, body: { kind: 'Status', status: 'Failure', code: 409, reason: 'Conflict', message: 'changed' } }
      : undefined;
  await histories.record(task('a'), assessed('CVE-1', 'CVE-2'));
  assert.deepEqual(await told(histories), ['New CVE-2']);
});

test('a history that was tampered with counts as none', () => {
  for (const state of ['', 'x', Buffer.from('x').toString('base64'), undefined])
    assert.deepEqual(unpackState({ state } as FindingHistory['spec']), {});
});

test('more waiting events than there is room for: the oldest go, and are counted', async () => {
  const histories = await opened();
  events.length = 0;
  for (let i = 0; i < 25; i++) await histories.record(task('a'), assessed(`CVE-${i}`));
  assert.equal((await waiting(histories)).length, 20);
  assert.ok(events.includes('dropped 2'), events.join());
});

async function send(histories: Histories, until: () => boolean | Promise<boolean>, key?: string): Promise<string[]> {
  const stop = new AbortController();
  const results: string[] = [];
  const sending = sendEvents(
    {
      histories,
      sinks: { webhook: `${receiver.origin}/hook`, alertmanager: '', slack: false, secrets: '' },
      http: {},
      source: 'prod',
      running: () => undefined,
      settled: () => true,
      onDelivery: (sink, result) => results.push(`${sink} ${result}`),
    },
    { ...world, env: { PRATIQUE_NOTIFY_WEBHOOK_KEY: key }, signal: stop.signal },
    stop.signal,
  );
  while (!(await until())) {
    now += 1000;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  stop.abort();
  await sending;
  return results;
}

test('a receiver that is down gets everything later, in one request and once', async () => {
  const histories = await opened('CVE-1');
  await histories.record(task('a'), assessed('CVE-1', 'CVE-2'));
  await histories.record(task('b', 'registry.example/made/other'), assessed('CVE-3'));
  answers = [{ status: 503 }, { status: 500 }];
  const results = await send(histories, () => histories.waiting === 0);
  assert.deepEqual(results, ['webhook failure', 'webhook failure', 'webhook success']);
  const bodies = receiver.requests.map(({ body }) => JSON.parse(body) as { events: { findings: { id: string }[] }[] });
  assert.equal(bodies.length, 3);
  assert.deepEqual(
    bodies[2]!.events.map(({ findings }) => findings.map(({ id }) => id).join()),
    ['CVE-2', 'CVE-3'],
  );
  // The same batch, the same id: a receiver that took it the first time knows.
  assert.equal(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size, 1);
  assert.deepEqual(await told(await open()), []);
});

test('no secret is logged', async () => {
  const histories = await opened('CVE-1');
  await histories.record(task('a'), assessed('CVE-2'));
  answers = [{ status: 401, body: 'the key is top-secret' }];
  await send(histories, () => receiver.requests.length > 0 && /not taken/.test(world.written.log), 'top-secret');
  assert.ok(!world.written.log.includes('top-secret'));
});
