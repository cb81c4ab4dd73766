import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PratiqueError } from '#base';
import { type FakeAnswer, fakeWorld } from '#platform/fakes';
import { type FakeRegistry, fakeRegistry } from '../fakes/fake-registry.js';
import { mediaTypes } from '../media-types.js';
import { parseReference } from '../reference.js';
import { createRegistryClient } from './client.js';

const open: { close(): unknown }[] = [];
after(() => Promise.all(open.map((one) => one.close())));

const subject = `sha256:${'a'.repeat(64)}`;
const entry = (digit: string) => ({
  mediaType: mediaTypes.ociManifest,
  digest: `sha256:${digit.repeat(64)}`,
  size: 2,
  artifactType: 'application/vnd.cyclonedx+json',
});
const index = (...manifests: object[]) => ({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests });

async function referrersOf(
  answer: (path: string, query: string) => FakeAnswer | undefined,
  prepare: (registry: FakeRegistry) => void = () => {},
): Promise<readonly string[]> {
  const registry = await fakeRegistry({ intercept: ({ path, query }) => answer(path, query.toString()) });
  prepare(registry);
  const client = createRegistryClient({}, fakeWorld());
  open.push(registry, client);
  const found = await client.referrers(parseReference(`${registry.host}/a/b:1`), subject);
  return found.map(({ digest, artifactType }) => `${digest[7]} ${artifactType}`);
}

const list = (document: object, link?: string): FakeAnswer => ({
  headers: { 'content-type': mediaTypes.ociIndex, ...(link !== undefined && { link }) },
  body: JSON.stringify(document),
});

test('referrers are listed over pages', async () => {
  const found = await referrersOf((path, query) => {
    if (path !== `/v2/a/b/referrers/${subject}`) return undefined;
    return query === ''
      ? list(index(entry('1')), `</v2/a/b/referrers/${subject}?last=1>; rel="next"`)
      : list(index(entry('2')), '</v2/other/referrers/x>; rel="next"');
  });
  assert.deepEqual(found, ['1 application/vnd.cyclonedx+json', '2 application/vnd.cyclonedx+json']);
});

test('a registry without the API keeps the list under a tag', async () => {
  const found = await referrersOf(
    () => undefined,
    (registry) => registry.pushManifest('a/b', subject.replace(':', '-'), index(entry('3')), mediaTypes.ociIndex),
  );
  assert.deepEqual(found, ['3 application/vnd.cyclonedx+json']);
});

test('an image that nothing refers to has no referrers', async () => {
  assert.deepEqual(await referrersOf(() => undefined), []);
});

const brokenList = (path: string): FakeAnswer | undefined =>
  path.includes('/referrers/') ? { headers: { 'content-type': mediaTypes.ociIndex }, body: '[' } : undefined;

test('an answer that is no list is an error', async () => {
  await assert.rejects(
    referrersOf(brokenList),
    (e) => e instanceof PratiqueError && e.code === 'registry/bad-manifest',
  );
});
