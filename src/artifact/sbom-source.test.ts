import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { mediaTypes } from '#oci';
import { fakeRegistry } from '#oci/fakes';
import { fakeServer, type FakeServer, fakeWorld } from '#platform/fakes';
import { findPublishedSbom } from './sbom-source.js';

const open: { close(): unknown }[] = [];
after(() => Promise.all(open.map((one) => one.close())));

const bill = (name: string): string =>
  JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', metadata: { component: { name } } });
const statement = (predicate: unknown): string =>
  JSON.stringify({
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://cyclonedx.org/bom',
    predicate: { Data: predicate },
  });

/** An image in a registry with these documents referring to it. */
async function registryWith(documents: readonly (readonly [artifactType: string, content: string])[]) {
  const registry = await fakeRegistry();
  open.push(registry);
  const image = registry.pushImage('shop/app', '1');
  const manifests = documents.map(([artifactType, content], i) => ({
    ...registry.pushImage('shop/app', `referrer-${i}`, { layers: [Buffer.from(content)], artifactType }),
    artifactType,
  }));
  const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
  registry.pushManifest('shop/app', image.digest.replace(':', '-'), index, mediaTypes.ociIndex);
  const name = `${registry.host}/shop/app:1`;
  return { name, repoDigests: [`${registry.host}/shop/app@${image.digest}`], digest: image.digest };
}

async function rekorWith(entries: Readonly<Record<string, string>>): Promise<FakeServer> {
  const server = await fakeServer((request) => {
    const body = JSON.parse(request.body) as { hash?: string; entryUUIDs?: string[] };
    if (request.path === '/api/v1/index/retrieve')
      return { body: JSON.stringify(body.hash?.startsWith('sha256:') ? Object.keys(entries) : []) };
    const found = (body.entryUUIDs ?? []).map((id) => ({
      [id]: { body: 'x', attestation: { data: Buffer.from(entries[id]!).toString('base64') } },
    }));
    return { body: JSON.stringify(found) };
  });
  open.push(server);
  return server;
}

test('the first document that refers to the image and can be read is its bill', async () => {
  const image = await registryWith([
    ['application/vnd.example.signature', bill('no bill by type')],
    ['application/spdx+json', 'damaged'],
    ['application/vnd.cyclonedx+json', bill('shop')],
  ]);
  const world = fakeWorld();
  const found = await findPublishedSbom(image, { sources: ['oci'] }, world);
  assert.equal(found?.sbom.components[0]?.name, 'shop');
});

test('a transparency log is asked by digest; entries without a bill are passed over', async () => {
  const image = await registryWith([]);
  const rekor = await rekorWith({
    a: '{}',
    b: statement({ bomFormat: 'x' }),
    c: statement(JSON.parse(bill('logged'))),
  });
  const options = { sources: ['oci', 'rekor'] as const, rekorUrl: `${rekor.origin}/` };
  const found = await findPublishedSbom(image, options, fakeWorld());
  assert.equal(found?.attested, true);
  assert.equal(found.sbom.components[0]?.name, 'logged');
});

test('where nothing is found, or a source fails, the image itself is left to be read', async () => {
  const image = await registryWith([]);
  const rekor = await fakeServer(() => ({ status: 500, body: 'x' }));
  open.push(rekor);
  const options = { sources: ['oci', 'rekor'] as const, rekorUrl: rekor.origin };
  assert.equal(await findPublishedSbom(image, options, fakeWorld()), undefined);
  const elsewhere = { ...image, repoDigests: [`other.example/app@${image.digest}`] };
  assert.equal(await findPublishedSbom(elsewhere, options, fakeWorld()), undefined);
  assert.equal(await findPublishedSbom({ name: 'image.tar', repoDigests: [] }, options, fakeWorld()), undefined);
});
