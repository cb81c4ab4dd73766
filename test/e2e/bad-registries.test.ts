/** Registries that refuse, break, send something else or nothing: one clear line each, and no secret in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ImageParts, makeImage } from '#artifact/fakes';
import { mediaTypes } from '#oci';
import { fakeRegistry, type FakeRegistry, type FakeRegistryOptions } from '#oci/fakes';
import { freePort } from '../fakes/free-port.js';
import { assertFails } from './kit/failure.js';
import { alpineFindings, alpineImage } from './kit/images.js';
import { pratique, type Ran } from './kit/program.js';
import { findingsOf } from './kit/report.js';
import { workplace } from './kit/workplace.js';

const { offline } = workplace();
const parts: ImageParts = { ...alpineImage(), gzip: true };
const secret = 'hunter2-hunter2-hunter2';
const login = ['--username', 'bob', '--password', secret];
type Intercept = NonNullable<FakeRegistryOptions['intercept']>;

async function withRegistry(
  intercept: Intercept,
  use: (scan: (...options: string[]) => Promise<Ran>, registry: FakeRegistry) => Promise<void>,
): Promise<void> {
  const registry = await fakeRegistry({ intercept });
  const { config, blobs } = makeImage(parts);
  registry.pushManifest('made/app', '1', {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: registry.pushBlob(config, mediaTypes.ociConfig),
    layers: blobs.map((blob) => registry.pushBlob(blob)),
  });
  const args = ['image', ...offline, '--cache-backend', 'memory', '--image-src', 'remote'];
  try {
    await use((...options) => pratique([...args, ...options, `${registry.host}/made/app:1`]), registry);
  } finally {
    await registry.close();
  }
}

const at = (part: string, status: number, headers: Record<string, string> = {}): Intercept => {
  const body = JSON.stringify({ errors: [{ code: 'MADE_UP', message: `refused: ${secret}` }] });
  return (request) => (request.path.includes(part) ? { status, headers, body } : undefined);
};

const refusals: readonly (readonly [string, Intercept, RegExp])[] = [
  ['401 for everything', at('/v2/', 401, { 'www-authenticate': 'Basic realm="x"' }), /asks for other credentials/],
  ['403 for the manifest', at('/manifests/', 403), /access is denied/],
  ['404 for the manifest', at('/manifests/', 404), /not found/],
  ['404 for a blob', at('/blobs/', 404), /not found/],
  ['429 for ever', at('/manifests/', 429, { 'retry-after': '0' }), /too many requests/],
  ['500 for ever', at('/manifests/', 500), /500/],
  ['503 for blobs', at('/blobs/', 503, { 'retry-after': '0' }), /503/],
];
for (const [what, intercept, message] of refusals) {
  test(what, async () => {
    await withRegistry(intercept, async (scan) => {
      const ran = await scan(...login);
      assertFails(ran, message);
      assert.ok(!ran.stderr.includes(secret), ran.stderr);
      const auth = Buffer.from(`bob:${secret}`).toString('base64');
      const detailed = await scan(...login, '--debug');
      assert.ok(!detailed.stderr.includes(auth), detailed.stderr);
    });
  });
}

const answers: readonly (readonly [string, Intercept, RegExp])[] = [
  ['a manifest that is no JSON', (r) => (r.path.includes('/manifests/') ? { body: '<html>' } : undefined), /manifest/],
  [
    'a manifest of another kind',
    (r) =>
      r.path.includes('/manifests/')
        ? { headers: { 'content-type': 'application/vnd.made.up+json' }, body: '{"schemaVersion":2}' }
        : undefined,
    /media type|manifest/,
  ],
  [
    'blobs of other content',
    (r) => (r.path.includes('/blobs/') ? { body: 'other content' } : undefined),
    /bytes came|other content/,
  ],
  [
    'connections that break for ever',
    (r) => (r.path.includes('/blobs/') ? { body: 'x'.repeat(90), cutAfter: 0 } : undefined),
    /\S/,
  ],
  ['no registry but a web site', () => ({ headers: { 'content-type': 'text/html' }, body: '<html></html>' }), /\S/],
];
for (const [what, intercept, message] of answers) {
  test(what, async () => {
    await withRegistry(intercept, async (scan) => assertFails(await scan(), message));
  });
}

test('a connection that breaks in a layer is taken up where it broke', async () => {
  const { blobs } = makeImage(parts);
  const broken: Intercept = (request, count) =>
    request.path.includes('/blobs/') && count === 0 && request.headers['range'] === undefined
      ? { body: blobs.find((_, i) => request.path.endsWith(digests[i]!)) ?? '', cutAfter: 100 }
      : undefined;
  const digests = blobs.map(() => '');
  await withRegistry(
    (request, count) => {
      const layer = blobs.findIndex((_, i) => digests[i] && request.path.endsWith(digests[i]));
      return layer >= 0 ? broken(request, count) : undefined;
    },
    async (scan, registry) => {
      blobs.forEach((blob, i) => (digests[i] = registry.pushBlob(blob).digest));
      const ran = await scan();
      assert.equal(ran.code, 0, ran.stderr);
      assert.deepEqual(findingsOf(ran), alpineFindings);
      assert.ok(registry.requests.some((request) => request.headers['range'] === 'bytes=100-'));
    },
  );
});

test('429 and 503 once, with Retry-After, are waited out', async () => {
  await withRegistry(
    (request, count) =>
      request.path.includes('/manifests/') && count === 0
        ? { status: 429, headers: { 'retry-after': '1' } }
        : request.path.includes('/blobs/') && count === 0
          ? { status: 503, headers: { 'retry-after': '0' } }
          : undefined,
    async (scan) => {
      const ran = await scan();
      assert.deepEqual(findingsOf(ran), alpineFindings);
      assert.ok(ran.milliseconds > 1000);
    },
  );
});

test('an answer that does not come', async () => {
  await withRegistry(
    (request) => (request.path.includes('/manifests/') ? { delay: 60_000 } : undefined),
    async (scan) => {
      const ran = await scan('--timeout', '2s');
      assertFails(ran, /longer than 2s/);
    },
  );
});

test('nobody listens, and no such host', async () => {
  const args = ['image', ...offline, '--image-src', 'remote'];
  const nobody = await pratique([...args, `127.0.0.1:${await freePort()}/made/app:1`]);
  assertFails(nobody, /refused|connect/i);
  const nowhere = await pratique([...args, 'registry.invalid/made/app:1']);
  assertFails(nowhere, /registry\.invalid/);
});

test('a password in the name of an image is not repeated', async () => {
  for (const name of [`bob:${secret}@127.0.0.1:1/made/app:1`, `bob:${secret}@registry.invalid/made/app`]) {
    for (const sources of [[], ['--image-src', 'remote']]) {
      const ran = await pratique(['image', ...offline, ...sources, name]);
      assertFails(ran, /bob:\*\*\*@/);
      assert.ok(!ran.stderr.includes(secret), ran.stderr);
    }
  }
  const digest = `sha256:${'0'.repeat(64)}`;
  const named = await pratique(['image', ...offline, '--image-src', 'remote', `127.0.0.1:1/made/app:1@${digest}`]);
  assertFails(named, /127\.0\.0\.1/);
  assert.ok(!named.stderr.includes('***'), named.stderr);
});
