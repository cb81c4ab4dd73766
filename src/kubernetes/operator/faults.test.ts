/** The operator with an API server and a registry that fail: nothing is lost, and what is wrong is in the report. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { makeTar } from '#formats/fakes';
import { type FakeRegistry, fakeRegistry } from '#oci/fakes';
import { tempDirectory, type TempDirectory, type World } from '#platform';
import { type FakeAnswer, fakeWorld } from '#platform/fakes';
import type { KubernetesClient } from '../client/client.js';
import { createKubernetesClient } from '../client/create-client.js';
import type { Pod } from '../client/pod-types.js';
import { resources } from '../client/resources.js';
import {
  type FakeApiAnswer,
  type FakeApiRequest,
  type FakeApiServer,
  fakeApiServer,
} from '../fakes/fake-api-server.js';
import { readState, stateAnnotation, writeState } from '../reports/report-state.js';
import { type VulnerabilityReport, vulnerabilityReports } from '../reports/vulnerability-report.js';
import { type Operation, prepareOperation } from './operation.js';
import { operatorMetrics } from './operator-metrics.js';

const installed = (name: string): string =>
  `C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:${name}\nV:1.1.1a-r0\nA:x86_64\nS:1\nI:1\nT:x\nL:OpenSSL\no:openssl\n\n`;
const layerOf = (packages: number): Uint8Array =>
  gzipSync(
    makeTar([
      { name: 'etc/alpine-release', content: '3.11.0\n' },
      { name: 'etc/os-release', content: 'ID=alpine\nVERSION_ID=3.11.0\n' },
      {
        name: 'lib/apk/db/installed',
        content: Array.from({ length: packages }, (_, i) => installed(`openssl-${i}`)).join(''),
      },
    ]),
  );

let api: FakeApiServer;
let registry: FakeRegistry;
let client: KubernetesClient;
let place: TempDirectory;
let apiFault: ((request: FakeApiRequest) => FakeApiAnswer | undefined) | undefined;
let registryFault: ((path: string) => FakeAnswer | undefined) | undefined;
let stop: AbortController | undefined;
let running: Promise<void> | undefined;

/** A hundred milliseconds pass in one. */
const SPEED = 100;
const start = Date.now();
const clock: World['clock'] = {
  now: () => new Date(start + (Date.now() - start) * SPEED),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const timer = setTimeout(resolve, ms / SPEED);
      signal?.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason as Error)), { once: true });
    }),
};
const world = fakeWorld({ clock });

before(async () => {
  place = await tempDirectory();
  api = await fakeApiServer({ intercept: (request) => apiFault?.(request) });
  registry = await fakeRegistry({ intercept: ({ path }) => registryFault?.(path) });
  client = await createKubernetesClient(api.connection, { qps: 10_000, burst: 10_000 }, world);
});
after(async () => {
  client.close();
  await Promise.all([api.close(), registry.close(), place.remove()]);
});
let images = 0;
beforeEach(() => {
  apiFault = undefined;
  registryFault = undefined;
  // Another image each time: what is known of one image serves all later tests.
  images++;
  pushApp(1);
  api.put(resources.nodes, {
    metadata: { name: 'node' },
    status: { nodeInfo: { architecture: 'amd64', operatingSystem: 'linux' } },
  } as never);
});
afterEach(async () => {
  await end();
  for await (const { metadata } of client.list(resources.pods)) api.remove(resources.pods, metadata.name!, 'shop');
  for await (const { metadata } of client.list(vulnerabilityReports))
    api.remove(vulnerabilityReports, metadata.name!, 'shop');
});

function pushApp(packages: number): void {
  const rootfs = { type: 'layers', diff_ids: [`sha256:${'0'.repeat(64)}`] };
  registry.pushImage(`made/app-${images}`, '1', {
    layers: [layerOf(packages)],
    config: { architecture: 'amd64', os: 'linux', rootfs, created: new Date(images).toISOString() },
  });
}

async function end(): Promise<void> {
  stop?.abort(new Error('end'));
  await running;
  stop = undefined;
}

async function operate(budget = 1_000_000): Promise<Operation> {
  const none = (): undefined => undefined;
  const zero = (): number => 0;
  const gauges = { running: zero, scanned: zero, reports: zero, waiting: zero, underWay: zero, leading: zero };
  const own = new AbortController();
  stop = own;
  const operation = await prepareOperation(
    {
      cluster: {},
      namespaces: { include: [], exclude: [] },
      namespaceSelector: '',
      kinds: ['vulnerability'],
      scan: { scanners: ['vuln'], cacheDir: place.path, database: { embedded: true } },
      version: '1',
      role: 'all',
      port: 0,
      workers: 2,
      budget,
      ttl: 0,
      databaseInterval: 3_600_000,
      scanTimeout: 60_000,
      removeAfter: 300_000,
      electLeader: false,
      qps: 1000,
      burst: 1000,
    },
    'test',
    client,
    operatorMetrics({
      ...gauges,
      busyWorkers: none,
      waitingEvents: none,
      databaseAge: none,
      lastSuccess: none,
    }),
    world,
    own.signal,
  );
  running = operation.run();
  return operation;
}

function runPod(name: string, containers = ['main']): void {
  api.put(resources.pods, {
    metadata: { name, namespace: 'shop' },
    spec: {
      nodeName: 'node',
      containers: containers.map((one) => ({ name: one, image: `${registry.host}/made/app-${images}:1` })),
    },
    status: { phase: 'Running' },
  } as Pod as never);
}

const reports = async (): Promise<VulnerabilityReport[]> => {
  const all: VulnerabilityReport[] = [];
  for await (const one of client.list(vulnerabilityReports, { namespace: 'shop' })) all.push(one);
  return all;
};

async function report(passes: (one: VulnerabilityReport) => boolean = isDone): Promise<VulnerabilityReport> {
  for (let tries = 0; ; tries++) {
    const found = (await reports()).find(passes);
    if (found) return found;
    assert.ok(tries < 2000, JSON.stringify((await reports()).map((one) => one.report.pratique)) + world.written.log);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const isDone = ({ report: body }: VulnerabilityReport): boolean => body.pratique.scan.phase === 'Succeeded';
const has = (name: string) => (one: VulnerabilityReport) => one.metadata.name!.includes(name) && isDone(one);
const failed =
  (reason: string) =>
  ({ report: body }: VulnerabilityReport): boolean =>
    body.pratique.scan.reason === reason;
const isWrite = ({ method, collection }: FakeApiRequest): boolean =>
  method !== 'GET' && collection.endsWith('vulnerabilityreports');
const refusal = (code: number, reason: string) => ({
  status: code,
  body: { kind: 'Status', status: 'Failure', code, reason, message: reason },
});
/** The first so many requests that are meant. */
function firstOf(count: number, meant: (request: FakeApiRequest) => boolean, answer: FakeApiAnswer): void {
  let left = count;
  apiFault = (request) => (meant(request) && left-- > 0 ? answer : undefined);
}

test('watches that break and expire (410): what happens afterwards is seen', async () => {
  runPod('before');
  await operate();
  const { report: body } = await report(has('before'));
  assert.ok(body.vulnerabilities!.length > 0);
  api.expire();
  api.endWatches(true);
  runPod('after');
  await report(has('after'));
});

test('an API server that refuses connections for a while', async () => {
  await operate();
  apiFault = () => ({ broken: true });
  api.endWatches(true);
  await new Promise((resolve) => setTimeout(resolve, 200));
  runPod('meanwhile');
  apiFault = undefined;
  await report(has('meanwhile'));
});

test('conflicts: read again and written', async () => {
  firstOf(3, isWrite, refusal(409, 'Conflict'));
  runPod('main');
  await operate();
  assert.equal((await report()).report.pratique.scan.attempts, 0);
});

test('429: asked again after the time that the server wants', async () => {
  firstOf(2, isWrite, { ...refusal(429, 'TooManyRequests'), headers: { 'retry-after': '1' } });
  runPod('main');
  await operate();
  await report();
});

test('writes that fail for long are tried again, later and later', async () => {
  firstOf(3, isWrite, refusal(500, 'InternalError'));
  runPod('main');
  await operate();
  await report();
});

test('an object that is too large for the server is written smaller, and says so', async () => {
  apiFault = (request) =>
    isWrite(request) && request.body.length > 30_000 ? refusal(413, 'RequestEntityTooLarge') : undefined;
  pushApp(100);
  runPod('main');
  await operate();
  const { report: body } = await report(() => true);
  const findings = body.vulnerabilities?.length ?? 0;
  const { criticalCount, highCount, mediumCount, lowCount, unknownCount } = body.summary!;
  const all = criticalCount + highCount + mediumCount + lowCount + unknownCount;
  assert.equal(body.truncated, true);
  assert.ok(findings > 0);
  assert.equal(findings + body.pratique.omitted!, all);
});

test('a registry that is down, then back: the state says it, and nobody has to do anything', async () => {
  registryFault = (path) => (path.includes(`app-${images}`) ? { status: 503 } : undefined);
  runPod('main');
  await operate();
  const { report: body } = await report(failed('registry/unavailable'));
  assert.equal(body.summary, undefined);
  assert.ok(Date.parse(body.pratique.scan.nextRetry!) > start);
  registryFault = undefined;
  assert.equal((await report()).report.pratique.scan.attempts, 0);
});

test('wrong credentials and an image that is gone have reasons of their own', async () => {
  registryFault = (path) => (path.includes(`app-${images}`) ? { status: 401 } : undefined);
  runPod('main');
  await operate();
  await report(failed('registry/unauthorized'));
  registryFault = (path) => (path.includes(`app-${images}`) ? { status: 404 } : undefined);
  await report(failed('registry/not-found'));
});

test('former findings stay while a new scan fails', async () => {
  runPod('main');
  await operate();
  const before = await report();
  await end();
  const state = readState(before.metadata)!;
  // Made with another database, and what was kept of the image is gone.
  const annotations = { ...before.metadata.annotations, [stateAnnotation]: writeState({ ...state, database: 'old' }) };
  api.put(vulnerabilityReports, { ...before, metadata: { ...before.metadata, annotations } });
  await place.remove();
  registryFault = (path) => (path.includes(`app-${images}`) ? { status: 404 } : undefined);
  await operate();
  const { report: body } = await report(failed('registry/not-found'));
  assert.deepEqual(body.vulnerabilities, before.report.vulnerabilities);
  assert.deepEqual(body.summary, before.report.summary);
});

test('a replica whose clock was days ahead: its times are not waited for', async () => {
  registryFault = (path) => (path.includes(`app-${images}`) ? { status: 404 } : undefined);
  runPod('main');
  await operate();
  const before = await report(failed('registry/not-found'));
  await end();
  const nextRetry = clock.now().getTime() + 5 * 86_400_000;
  const state = { ...readState(before.metadata)!, nextRetry };
  const annotations = { ...before.metadata.annotations, [stateAnnotation]: writeState(state) };
  api.put(vulnerabilityReports, { ...before, metadata: { ...before.metadata, annotations } });
  registryFault = undefined;
  await operate();
  await report();
});

test('a pod of 300 containers: a report each, one pull', async () => {
  runPod(
    'huge',
    Array.from({ length: 300 }, (_, i) => `container-${i}`),
  );
  const pulls = (): number => registry.requests.filter(({ path }) => path.includes(`app-${images}/manifests`)).length;
  await operate();
  for (let tries = 0; (await reports()).filter(isDone).length < 300; tries++) {
    assert.ok(tries < 1000);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(pulls(), 1);
});

test('ended in the middle of a scan: the next process does it', async () => {
  let asked = 0;
  registryFault = (path) => (path.includes('/blobs/') && asked++ === 0 ? { status: 200, delay: 5000 } : undefined);
  runPod('main');
  await operate();
  const isReading = (): boolean => asked > 0;
  while (!isReading()) await new Promise((resolve) => setTimeout(resolve, 2));
  await end();
  assert.deepEqual(await reports(), []);
  await operate();
  await report();
});
