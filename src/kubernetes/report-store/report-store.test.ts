import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PratiqueError } from '#base';
import { tempDirectory, type TempDirectory } from '#platform';
import { type FakeAnswer, fakeServer, type FakeServer, fakeWorld } from '#platform/fakes';
import { openArchive } from './archive.js';
import { openReportStore } from './open-report-store.js';
import type { StoredReport } from './report-store.js';

const secret = 'the-secret-of-the-key';
const env = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: secret };
const signal = new AbortController().signal;
const report: StoredReport = {
  kind: 'vulnerability',
  digest: `sha256:${'a'.repeat(64)}`,
  platform: 'linux/amd64',
  document: Buffer.from('{"vulnerabilities":[]}'),
};
const key = `vulnerability/sha256-${'a'.repeat(64)}/linux-amd64.json`;

let place: TempDirectory;
let server: FakeServer;
let answers: FakeAnswer[] = [];
before(async () => {
  place = await tempDirectory();
  server = await fakeServer(() => answers.shift() ?? {});
});
after(async () => {
  await Promise.all([place.remove(), server.close()]);
});

test('a directory: the newest report of each image; what was not written for 30 days goes', async () => {
  const world = fakeWorld({ start: new Date() });
  const directory = join(place.path, 'reports');
  const store = await openReportStore(`file://${directory}`, {}, world);
  const kept = await store.put(report, signal);
  assert.equal(kept.location, key);
  assert.equal(readFileSync(join(directory, key), 'utf8'), '{"vulnerabilities":[]}');
  const old = { ...report, digest: `sha256:${'b'.repeat(64)}` };
  const { location } = await store.put(old, signal);
  const past = new Date(Date.now() - 31 * 86_400_000);
  utimesSync(join(directory, location), past, past);
  await world.clock.sleep(86_400_001);
  const other = await store.put({ ...report, document: Buffer.from('{}') }, signal);
  assert.notEqual(other.digest, kept.digest);
  assert.ok(!existsSync(join(directory, location)));
  const files = readdirSync(directory, { recursive: true }).filter((name) => String(name).endsWith('.json'));
  assert.deepEqual(files, [key]);
});

test('s3: one signed request; what may pass is tried again', async () => {
  const address = `s3://my-bucket/a%20b/reports?endpoint=${server.origin}&region=eu-central-1`;
  const store = await openReportStore(address, {}, fakeWorld({ env }));
  answers = [{ status: 503, body: '<Error><Code>SlowDown</Code></Error>' }, { status: 200 }];
  server.requests.length = 0;
  assert.equal((await store.put(report, signal)).location, `s3://my-bucket/a b/reports/${key}`);
  const [, { method, path, headers, body }] = server.requests as [unknown, (typeof server.requests)[number]];
  assert.equal(method, 'PUT');
  assert.equal(path, `/my-bucket/a%20b/reports/${key}`);
  assert.equal(body, '{"vulnerabilities":[]}');
  assert.match(
    String(headers['authorization']),
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/s3\/aws4_request, SignedHeaders=.*x-amz-content-sha256/,
  );
  await store.close();
});

test('s3: refusals by their code; no secret in messages; places that are none', async () => {
  const world = fakeWorld({ env });
  const store = await openReportStore(`s3://my-bucket?endpoint=${server.origin}`, {}, world);
  answers = [{ status: 403, body: `<Error><Code>AccessDenied</Code><Message>${secret}</Message></Error>` }];
  await assert.rejects(store.put(report, signal), (error) => {
    assert.ok(error instanceof PratiqueError && error.code === 'store/refused');
    assert.match(error.message, /AccessDenied \(403\)/);
    return !error.message.includes(secret);
  });
  await store.close();
  const gone = await openReportStore('s3://my-bucket?endpoint=http://127.0.0.1:9', {}, world);
  await assert.rejects(gone.put(report, signal), { code: 'store/unreachable' });
  await gone.close();
  const bad = ['s3://B', 's3://my-bucket?endpoint=ftp://x', 'ftp://x/y', 'oci://registry.example/reports:tag'];
  for (const address of bad) await assert.rejects(openReportStore(address, {}, world), { code: 'usage/invalid' });
  await assert.rejects(openReportStore('s3://my-bucket', {}, fakeWorld()), /AWS_ACCESS_KEY_ID/);
});

test('an archive stores each kind of report once, however many workloads there are', async () => {
  let puts = 0;
  const store = {
    put: async () => ({ location: `at ${++puts}`, digest: 'sha256:x' }),
    close: async () => {},
  };
  const metadata = { repoDigests: [`registry.example/made/app@${report.digest}`] };
  const archive = openArchive({ store, always: true, signal }, { metadata }, 'linux/amd64')!;
  const body = { artifact: {}, pratique: { scan: { phase: 'Succeeded', attempts: 0 } } } as const;
  for (let i = 0; i < 3; i++) assert.equal((await archive.keep('sbom', body)).location, 'at 1');
  assert.equal((await archive.keep('vulnerability', body)).location, 'at 2');
  assert.equal(openArchive({ store, always: true, signal }, { metadata: {} }, 'linux/amd64'), undefined);
});
