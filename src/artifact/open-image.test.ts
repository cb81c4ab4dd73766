import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { PratiqueError } from '#base';
import type { Image, TreeVisitor } from '#model';
import { digestOf } from '#oci';
import { fakeRegistry, type FakeRegistry } from '#oci/fakes';
import { type FakeAnswer, fakeServer, fakeWorld } from '#platform/fakes';
import { makeDockerArchive, makeImage, type ImageParts } from './fakes/make-image.js';
import { openImage, type ImageOptions } from './open-image.js';

const folder = mkdtempSync(join(tmpdir(), 'open-image-'));
const world = fakeWorld({ env: { HOME: folder, XDG_RUNTIME_DIR: folder } });
const cleanups: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];
after(async () => {
  for (const clean of cleanups.reverse()) await clean();
});

const parts: ImageParts = {
  layers: [[{ name: 'etc/os-release', content: 'ID=x' }], [{ name: 'app/a', content: 'A'.repeat(5000) }]],
  repoTags: ['syn/app:1'],
};
const { id, diffIds, blobs } = makeImage(parts);

async function paths(image: Image): Promise<string[]> {
  const found: string[] = [];
  const visitor: TreeVisitor = {
    want: () => 'read',
    sniff: () => true,
    visit: (file) => void found.push(`${file.path} ${file.bytes().length}`),
    hide() {},
    report() {},
  };
  await Promise.all(image.layers.map((layer) => layer.walk(visitor, new AbortController().signal)));
  return found.sort();
}

const refused =
  (code: string, says = /./) =>
  (error: unknown): boolean =>
    error instanceof PratiqueError && error.code === code && says.test(`${error.message} ${error.hint}`);

async function registry(): Promise<FakeRegistry> {
  const made = await fakeRegistry();
  cleanups.push(() => made.close());
  made.pushImage('syn/app', '1', {
    layers: blobs.map((blob) => gzipSync(blob)),
    config: JSON.parse(makeImage(parts).config.toString()),
  });
  return made;
}

test('from a registry', async () => {
  const { host } = await registry();
  const image = await openImage(`${host}/syn/app:1`, { sources: ['remote'] }, world);
  assert.deepEqual(await paths(image), ['app/a 5000', 'etc/os-release 4']);
  assert.equal(image.id, id);
  assert.deepEqual(
    image.layers.map(({ diffId }) => diffId),
    diffIds,
  );
  assert.deepEqual(
    image.layers.map(({ digest }) => digest),
    blobs.map((blob) => digestOf(gzipSync(blob))),
  );
  assert.deepEqual(
    image.layers.map(({ storedSize }) => storedSize),
    blobs.map((blob) => gzipSync(blob).length),
  );
  assert.deepEqual(image.repoTags, [`${host}/syn/app:1`]);
  assert.equal(image.repoDigests.length, 1);
  assert.ok(image.repoDigests[0]!.startsWith(`${host}/syn/app@sha256:`));
  assert.equal(image.reference, `${host}/syn/app:1`);
  await image.close();
  const pinned = await openImage(image.repoDigests[0]!, { sources: ['remote'] }, world);
  assert.deepEqual([pinned.repoTags, pinned.reference], [[], image.repoDigests[0]]);
  await pinned.close();
});

test('a layer that the registry changed is refused', async () => {
  const made = await registry();
  const digest = digestOf(gzipSync(blobs[0]!));
  const bytes = Buffer.from(made.blobs.get(digest)!);
  bytes[bytes.length - 1]! ^= 1;
  made.blobs.set(digest, bytes);
  const image = await openImage(`${made.host}/syn/app:1`, { sources: ['remote'] }, world);
  await assert.rejects(paths(image), PratiqueError);
  await image.close();
});

test('what is no image', async () => {
  const made = await registry();
  const chart = { configType: 'application/vnd.cncf.helm.config.v1+json', artifactType: 'application/vnd.cncf.helm' };
  made.pushImage('syn/chart', '1', chart);
  made.pushImage('syn/odd', '1', { config: { rootfs: { diff_ids: [] } } });
  const options: ImageOptions = { sources: ['remote'] };
  await assert.rejects(openImage(`${made.host}/syn/chart:1`, options, world), refused('image/not-an-image', /helm/));
  await assert.rejects(openImage(`${made.host}/syn/odd:1`, options, world), refused('image/bad-config', /0 layers/));
});

/** What a Docker engine answers about the image, by path. */
function engineAnswer(path: string, known: readonly string[]): FakeAnswer {
  const [, name = '', what = ''] = /^\/images\/(.+)\/(json|history|get)$/.exec(decodeURIComponent(path)) ?? [];
  if (!known.includes(name) && name !== id)
    return { status: 404, body: JSON.stringify({ message: `No such image: ${name}` }) };
  if (what === 'get') return { body: makeDockerArchive(parts) };
  if (what === 'history') {
    const history = [
      { Created: 1_700_000_001, CreatedBy: '/bin/sh -c make', Size: 10, Comment: 'built' },
      { Created: 1_700_000_000, CreatedBy: '/bin/sh -c #(nop)  ENV A=b', Size: 0, Comment: '' },
      { Created: 1_700_000_000, CreatedBy: '/bin/sh -c #(nop) COPY x', Size: 0 },
    ];
    return { body: JSON.stringify(history) };
  }
  const details = {
    Id: id,
    RepoTags: ['other:2', 'syn/app:1', '<none>:<none>'],
    RepoDigests: [`syn/app@${id}`],
    Architecture: 'amd64',
    Os: 'linux',
    Author: '',
    Config: { Env: ['A=b'], Cmd: null, Labels: {} },
    RootFS: { Type: 'layers', Layers: diffIds },
  };
  return { body: JSON.stringify(details) };
}

test('from a Docker engine: one export for all layers, and none before a layer is walked', async () => {
  const server = await fakeServer((request) => engineAnswer(request.path, ['docker.io/syn/app:1']));
  cleanups.push(() => server.close());
  const image = await openImage('syn/app:1', { sources: ['docker'], dockerHost: `tcp://${server.host}` }, world);
  assert.equal(server.requests.length, 2);
  assert.deepEqual(await paths(image), ['app/a 5000', 'etc/os-release 4']);
  assert.deepEqual(await paths(image), ['app/a 5000', 'etc/os-release 4']);
  assert.equal(server.requests.length, 3);
  assert.equal(image.id, id);
  assert.deepEqual(image.repoTags, ['other:2', 'syn/app:1']);
  assert.equal(image.reference, 'syn/app:1');
  assert.deepEqual(
    image.layers.map(({ digest }) => digest),
    [undefined, undefined],
  );
  assert.deepEqual(
    image.layers.map(({ createdBy }) => createdBy),
    ['COPY x', 'make'],
  );
  assert.deepEqual(image.config, {
    architecture: 'amd64',
    history: [
      { created: '2023-11-14T22:13:20Z', created_by: '/bin/sh -c #(nop) COPY x' },
      { created: '2023-11-14T22:13:20Z', created_by: '/bin/sh -c #(nop)  ENV A=b', empty_layer: true },
      { created: '2023-11-14T22:13:21Z', created_by: '/bin/sh -c make', comment: 'built' },
    ],
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: diffIds },
    config: { Env: ['A=b'] },
  });
  await image.close();
});

async function listening(path: string, known: readonly string[]): Promise<Server> {
  const server = createServer((request, response) => {
    const { status = 200, body } = engineAnswer(request.url ?? '', known);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  cleanups.push(() => (server.closeAllConnections(), server.close()));
  return server;
}

test('from sockets: Podman’s by XDG_RUNTIME_DIR, Docker’s by context, by id', async () => {
  mkdirSync(join(folder, 'podman'));
  await listening(join(folder, 'podman', 'podman.sock'), ['docker.io/library/app:latest']);
  const podman = await openImage('app', { sources: ['podman'] }, world);
  assert.deepEqual(await paths(podman), ['app/a 5000', 'etc/os-release 4']);
  await podman.close();
  const socket = join(folder, 'docker.sock');
  await listening(socket, []);
  const hash = createHash('sha256').update('mine').digest('hex');
  const meta = join(folder, '.docker', 'contexts', 'meta', hash);
  mkdirSync(meta, { recursive: true });
  writeFileSync(
    join(meta, 'meta.json'),
    JSON.stringify({ Name: 'mine', Endpoints: { docker: { Host: `unix://${socket}` } } }),
  );
  writeFileSync(join(folder, '.docker', 'config.json'), JSON.stringify({ currentContext: 'mine' }));
  const docker = await openImage(id, { sources: ['docker'] }, world);
  assert.equal(docker.id, id);
  await docker.close();
});

test('sources are tried in order and each tells why it failed, the last one first', async () => {
  const { host } = await registry();
  const image = await openImage(`${host}/syn/app:1`, {}, world);
  assert.equal(image.id, id);
  await image.close();
  const failure = await openImage(`${host}/syn/none:1`, {}, world).then(
    () => assert.fail(),
    (error: unknown) => error,
  );
  assert.ok(refused('image/not-found', /remote: .*podman: .*containerd: .*docker: .*No such image/)(failure));
});

test('engines that cannot be spoken to', async () => {
  const cases: [Partial<ImageOptions>, Record<string, string>, RegExp][] = [
    [{ dockerHost: 'ssh://host' }, {}, /only unix:\/\/ and tcp:\/\//],
    [{ dockerHost: `unix://${folder}/none.sock` }, {}, /no container engine listens/],
    [{}, { DOCKER_CONTEXT: 'unknown', HOME: folder }, /docker context unknown/],
    [{ sources: ['podman'] }, {}, /XDG_RUNTIME_DIR/],
    [
      { sources: ['containerd'] },
      { CONTAINERD_ADDRESS: `${folder}/none.sock` },
      /no containerd listens at .*none\.sock/,
    ],
  ];
  for (const [options, env, says] of cases) {
    const opening = openImage('app', { sources: ['docker'], ...options }, fakeWorld({ env }));
    await assert.rejects(opening, refused('image/source', says));
  }
  const odd = await fakeServer(() => ({ body: 'hello' }));
  cleanups.push(() => odd.close());
  const opening = openImage('app', { sources: ['docker'], dockerHost: `tcp://${odd.host}` }, world);
  await assert.rejects(opening, refused('image/source', /not JSON/));
});

test('an export of another image is refused', async () => {
  const server = await fakeServer(({ path }) =>
    path.endsWith('/get')
      ? { body: makeDockerArchive({ layers: [[{ name: 'x' }]] }) }
      : engineAnswer(path, ['docker.io/syn/app:1']),
  );
  cleanups.push(() => server.close());
  const image = await openImage('syn/app:1', { sources: ['docker'], dockerHost: `tcp://${server.host}` }, world);
  await assert.rejects(paths(image), refused('image/source', /other layers/));
  await image.close();
});
