import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { mediaTypes } from '#oci';
import { type FakeRegistry, fakeRegistry } from '#oci/fakes';
import { fakeServer, type FakeServer, fakeWorld } from '#platform/fakes';
import { attestedVex } from './vex-attestations.js';
import { referencedVex } from './vex-references.js';

const open: { close(): unknown }[] = [];
after(() => Promise.all(open.map((one) => one.close())));

const openVex = (status: string): object => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  statements: [{ vulnerability: { name: 'CVE-1' }, products: [{ '@id': 'pkg:npm/leaf' }], status }],
});
const statement = (predicate: unknown, predicateType = 'https://openvex.dev/ns/v0.2.0'): object => ({
  _type: 'https://in-toto.io/Statement/v1',
  predicateType,
  predicate,
});
const envelope = (value: object): object => ({
  payloadType: 'application/vnd.in-toto+json',
  payload: Buffer.from(JSON.stringify(value)).toString('base64'),
  signatures: [],
});
const bundle = (value: object): object => ({
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  dsseEnvelope: envelope(value),
});

const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const dsseType = 'application/vnd.dsse.envelope.v1+json';

interface Placed {
  readonly artifactType: string;
  readonly content: string;
}

/** An image with these artifacts referring to it, and documents under the former tag. */
async function imageWith(referrers: readonly Placed[], tagged: readonly string[] = []) {
  const registry: FakeRegistry = await fakeRegistry();
  open.push(registry);
  const image = registry.pushImage('shop/app', '1');
  const manifests = referrers.map(({ artifactType, content }, i) => ({
    ...registry.pushImage('shop/app', `referrer-${i}`, { layers: [Buffer.from(content)], artifactType }),
    artifactType,
  }));
  const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
  const tag = image.digest.replace(':', '-');
  registry.pushManifest('shop/app', tag, index, mediaTypes.ociIndex);
  if (tagged.length > 0)
    registry.pushImage('shop/app', `${tag}.att`, { layers: tagged.map((text) => Buffer.from(text)) });
  const repository = `${registry.host}/shop/app`;
  return { name: `${repository}:1`, repoDigests: [`${repository}@${image.digest}`] };
}

const leaf = { purls: [{ type: 'npm', name: 'leaf' }], names: [] };
const placed = (artifactType: string, value: object): Placed => ({ artifactType, content: JSON.stringify(value) });

test('attestations beside an image are read, however they are wrapped', async () => {
  const forms: readonly (readonly Placed[])[] = [
    [placed(bundleType, bundle(statement(openVex('fixed'))))],
    [placed(dsseType, envelope(statement(openVex('fixed'))))],
    [placed('application/vnd.in-toto+json', statement(openVex('fixed')))],
  ];
  for (const referrers of forms) {
    const digests = await imageWith(referrers);
    const { source, diagnostics } = await attestedVex(digests, {}, fakeWorld());
    const verdict = source.judge('CVE-1', leaf, leaf);
    assert.equal(verdict?.status, 'fixed');
    assert.match(verdict.source, /^VEX attestation in OCI registry \(pkg:oci\/app@sha256/);
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['vex/unverified'],
    );
  }
});

test("cosign's former tag is read, too; the first document that decides counts", async () => {
  const tagged = [JSON.stringify(envelope(statement(openVex('not_affected'))))];
  const only = await attestedVex(await imageWith([], tagged), {}, fakeWorld());
  assert.equal(only.source.judge('CVE-1', leaf, leaf)?.status, 'not_affected');
  const referrers = [placed(bundleType, bundle(statement(openVex('fixed'))))];
  const both = await attestedVex(await imageWith(referrers, tagged), {}, fakeWorld());
  assert.equal(both.source.judge('CVE-1', leaf, leaf)?.status, 'fixed');
});

test('what is about something else is passed over, what is damaged is told', async () => {
  const digests = await imageWith([
    placed(bundleType, bundle(statement({ builder: {} }, 'https://slsa.dev/provenance/v1'))),
    placed('application/vnd.example', statement(openVex('fixed'))),
    { artifactType: dsseType, content: '{' },
    placed(bundleType, bundle(statement('no document'))),
  ]);
  const { source, diagnostics } = await attestedVex(digests, {}, fakeWorld());
  assert.equal(source.judge('CVE-1', leaf, leaf), undefined);
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['vex/unreadable-document', 'vex/unreadable-document'],
  );
  assert.deepEqual((await attestedVex(await imageWith([]), {}, fakeWorld())).diagnostics, []);
  const unknown = await attestedVex({ name: 'image.tar', repoDigests: ['<none>@sha256:x'] }, {}, fakeWorld());
  assert.deepEqual(
    unknown.diagnostics.map(({ code, severity }) => [code, severity]),
    [['vex/unpublished', 'warning']],
  );
});

test('credentials of the command line go to the repository that was asked for only', async () => {
  const registry = await fakeRegistry({ auth: 'basic', users: { me: 'secret' } });
  open.push(registry);
  const { digest } = registry.pushImage('shop/app', '1');
  const repoDigests = [`${registry.host}/shop/app@${digest}`];
  const options = { credentials: [{ username: 'me', password: 'secret' }] };
  await attestedVex({ name: `${registry.host}/shop/app:1`, repoDigests }, options, fakeWorld());
  assert.ok(registry.requests.some(({ headers }) => headers['authorization']));
  registry.requests.length = 0;
  const other = { name: 'elsewhere.example/shop/app:1', repoDigests };
  await assert.rejects(attestedVex(other, options, fakeWorld()), { code: 'registry/unauthorized' });
  assert.ok(registry.requests.every(({ headers }) => !headers['authorization']));
});

async function serverOf(documents: Readonly<Record<string, object>>): Promise<FakeServer> {
  const server = await fakeServer(({ path }) =>
    Object.hasOwn(documents, path) ? { body: JSON.stringify(documents[path]) } : { status: 404 },
  );
  open.push(server);
  return server;
}

test('documents that a bill refers to are fetched; what cannot be had is told', async () => {
  const { origin, host, requests } = await serverOf({ '/vex.json': openVex('fixed'), '/not-vex': { x: 1 } });
  const vexReferences = [
    `${origin}/gone`,
    'file:///etc/passwd',
    `http://me:secret@${host}/vex.json`,
    `${origin}/not-vex`,
    `${origin}/vex.json`,
    `${origin}/vex.json`,
  ];
  const { source, diagnostics } = await referencedVex({ vexReferences }, {}, fakeWorld());
  assert.equal(source.judge('CVE-1', leaf, leaf)?.source, `${origin}/vex.json`);
  assert.deepEqual(
    diagnostics.map(({ code, path }) => [code, path]),
    vexReferences.slice(0, 4).map((url) => ['vex/unreadable-document', url]),
  );
  assert.deepEqual(
    requests.map(({ path }) => path),
    ['/gone', '/not-vex', '/vex.json'],
  );
});

test('a bill may refer to many documents, of which few are fetched, or to none', async () => {
  const { origin, requests } = await serverOf({});
  const vexReferences = Array.from({ length: 30 }, (_, i) => `${origin}/${i}`);
  const { diagnostics } = await referencedVex({ vexReferences }, {}, fakeWorld());
  assert.equal(requests.length, 20);
  assert.equal(diagnostics[0]?.code, 'vex/left-out');
  const none = await referencedVex({}, {}, fakeWorld());
  assert.deepEqual(
    none.diagnostics.map(({ code }) => code),
    ['vex/no-reference'],
  );
});
