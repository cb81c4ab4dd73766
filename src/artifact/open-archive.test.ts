import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { PratiqueError } from '#base';
import { makeTar, type TarItem } from '#formats/fakes';
import type { Image } from '#model';
import { digestOf, mediaTypes } from '#oci';
import { makeDockerArchive, makeImage, makeOciLayout, type ImageParts } from './fakes/make-image.js';
import { openArchive } from './open-archive.js';
import { createPathFilter } from './path-filter.js';

const folder = mkdtempSync(join(tmpdir(), 'open-archive-'));
after(() => rmSync(folder, { recursive: true }));

let made = 0;
function file(bytes: Uint8Array): string {
  const path = join(folder, `${++made}.tar`);
  writeFileSync(path, bytes);
  return path;
}
function directory(files: ReadonlyMap<string, Uint8Array>): string {
  const path = join(folder, `${++made}`);
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return path;
}
const tarOf = (files: ReadonlyMap<string, Uint8Array>): Buffer =>
  makeTar([...files].map(([name, content]) => ({ name, content })));

/** `path=content` of all files, by layer. */
async function read(image: Image): Promise<string[][]> {
  const layers = image.layers.map(async (layer) => {
    const files: string[] = [];
    await layer.walk(
      {
        want: () => 'read',
        sniff: () => true,
        visit: (one) => void files.push(`${one.path}=${one.text()}`),
        hide: (path, kind) => void files.push(`${kind} ${path}`),
        report: (code) => void files.push(code),
      },
      new AbortController().signal,
    );
    return files;
  });
  return Promise.all(layers);
}

async function opened<T>(name: string, use: (image: Image) => T | Promise<T>, filter?: string[]): Promise<T> {
  const image = await openArchive(name, filter ? { filter: createPathFilter({ skipDirs: filter }) } : {});
  try {
    return await use(image);
  } finally {
    await image.close();
  }
}

async function refused(name: string, code: string, says: RegExp = /./): Promise<void> {
  await assert.rejects(
    opened(name, read),
    (error) => error instanceof PratiqueError && error.code === code && says.test(`${error.message} ${error.hint}`),
    `${code} for ${name}`,
  );
}

const parts: ImageParts = {
  layers: [
    [{ name: 'etc/os-release', content: 'ID=x' }],
    [{ name: 'app/', flag: '5' }, { name: 'app/a', content: 'A' }, { name: 'etc/.wh.os-release' }],
  ],
  repoTags: ['syn/app:1', 'syn/app:2'],
  config: {
    history: [
      { created_by: '/bin/sh -c #(nop) ADD file:1 in / ' },
      { created_by: 'ENV A=b', empty_layer: true },
      { created_by: '/bin/sh -c make' },
    ],
  },
};
const expected = [['etc/os-release=ID=x'], ['app/a=A', 'whiteout etc/os-release']];
const { id, diffIds } = makeImage(parts);

test('an archive of docker save: plain, compressed as a whole, with compressed layers', async () => {
  const plain = makeDockerArchive(parts);
  for (const name of [file(plain), file(gzipSync(plain)), file(makeDockerArchive({ ...parts, gzip: true }))]) {
    await opened(name, async (image) => {
      assert.deepEqual(await read(image), expected);
      assert.deepEqual(await read(image), expected, 'layers can be walked again');
      assert.equal(image.id, id);
      assert.equal(image.name, name);
      assert.deepEqual(
        image.layers.map((layer) => layer.diffId),
        diffIds,
      );
      assert.deepEqual(
        image.layers.map((layer) => layer.createdBy),
        ['ADD file:1 in / ', 'make'],
      );
      assert.deepEqual(image.repoTags, ['syn/app:1', 'syn/app:2']);
      assert.equal(image.reference, 'syn/app:1');
      assert.deepEqual(image.config.architecture, 'amd64');
    });
  }
});

const sizes = async (image: Image): Promise<unknown[]> => {
  const visitor = { want: () => 'skip' as const, sniff: () => false, visit() {}, hide() {}, report() {} };
  return Promise.all(
    image.layers.map(async (layer) => [(await layer.walk(visitor, new AbortController().signal)).size, layer.digest]),
  );
};

test('layers have a size, and a digest of their own where they are compressed', async () => {
  const tars = makeImage(parts).blobs;
  const zips = makeImage({ ...parts, gzip: true }).blobs;
  assert.deepEqual(
    await opened(file(makeDockerArchive(parts)), sizes),
    tars.map((tar) => [tar.length, undefined]),
  );
  const zipped = tars.map((tar, i) => [tar.length, digestOf(zips[i]!)]);
  assert.deepEqual(await opened(file(makeDockerArchive({ ...parts, gzip: true })), sizes), zipped);
  assert.deepEqual(await opened(directory(makeOciLayout({ ...parts, gzip: true })), sizes), zipped);
});

test('history that does not fit the layers tells nothing', async () => {
  const config = { history: [{ created_by: 'only one' }] };
  const createdBy = await opened(file(makeDockerArchive({ ...parts, config })), (image) =>
    image.layers.map((l) => l.createdBy),
  );
  assert.deepEqual(createdBy, [undefined, undefined]);
});

test('a filter holds for every layer', async () => {
  assert.deepEqual(await opened(file(makeDockerArchive(parts)), read, ['app']), [
    ['etc/os-release=ID=x'],
    ['whiteout etc/os-release'],
  ]);
});

test('equal layers, stored once and linked or named twice', async () => {
  const layer = [{ name: 'a', content: 'A' }];
  const { config, blobs } = makeImage({ layers: [layer, layer, layer] });
  const manifest = [{ Config: 'c.json', RepoTags: [], Layers: ['1/layer.tar', '2/layer.tar', '1/layer.tar'] }];
  const items: TarItem[] = [
    { name: 'c.json', content: config },
    { name: '1/layer.tar', content: blobs[0]! },
    { name: 'manifest.json', content: JSON.stringify(manifest) },
  ];
  for (const [flag, link] of [
    ['2', '../1/layer.tar'],
    ['1', '1/layer.tar'],
    ['2', '/1/layer.tar'],
  ] as const) {
    const name = file(makeTar([...items, { name: '2/layer.tar', flag, link }]));
    assert.deepEqual(await opened(name, read), [['a=A'], ['a=A'], ['a=A']]);
  }
  const circle: TarItem[] = [
    { name: '2/layer.tar', flag: '2', link: 'x' },
    { name: '2/x', flag: '2', link: 'layer.tar' },
  ];
  await refused(file(makeTar([...items, ...circle])), 'image/missing-layer');
  await refused(
    file(makeTar([...items, { name: '2/layer.tar', flag: '2', link: '../../../etc/passwd' }])),
    'image/missing-layer',
  );
});

test('one of several images', async () => {
  const other: ImageParts = { layers: [[{ name: 'b', content: 'B' }]], repoTags: ['syn/other:1.0'] };
  const name = file(makeDockerArchive(parts, other));
  await refused(name, 'image/ambiguous', /syn\/app:1, syn\/app:2, syn\/other:1\.0/);
  for (const choice of ['syn/other:1.0', 'other:1.0', '1.0'])
    assert.deepEqual(await opened(`${name}:${choice}`, read), [['b=B']]);
  await refused(`${name}:none`, 'image/no-such-reference', /syn\/other:1\.0/);
});

test('an OCI layout: directory or tar, plain or compressed, by tag, by digest', async () => {
  for (const gzip of [true, false]) {
    const layout = makeOciLayout({ ...parts, gzip }, '1.0');
    const digest = (JSON.parse(layout.get('index.json')!.toString()) as { manifests: [{ digest: string }] })
      .manifests[0].digest;
    for (const place of [directory(layout), file(tarOf(layout)), file(gzipSync(tarOf(layout)))]) {
      for (const name of [place, `${place}:1.0`, `${place}@${digest}`]) {
        await opened(name, async (image) => {
          assert.deepEqual(await read(image), expected);
          assert.equal(image.id, id);
          assert.equal(image.reference, undefined);
          assert.deepEqual(image.repoTags, []);
        });
      }
      await refused(`${place}:2.0`, 'layout/invalid', /2\.0.*1\.0/);
    }
  }
});

const platform = (os: string, architecture: string): object => ({ platform: { os, architecture } });

const other = makeOciLayout({ layers: [[{ name: 'arm', content: '64' }]] });

const entry = (from: Map<string, Buffer>): object =>
  (JSON.parse(from.get('index.json')!.toString()) as { manifests: [object] }).manifests[0];

test('a nested index: the first image, or the one of a platform', async () => {
  const layout = makeOciLayout(parts);
  for (const [name, bytes] of other) if (name.startsWith('blobs')) layout.set(name, bytes);
  const index = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: [
        { ...entry(other), ...platform('unknown', 'unknown') },
        { ...entry(makeOciLayout(parts)), ...platform('linux', 'amd64') },
        { ...entry(other), ...platform('linux', 'arm64') },
      ],
    }),
  );
  const digest = digestOf(index);
  layout.set(`blobs/${digest.replace(':', '/')}`, index);
  const manifests = [{ mediaType: mediaTypes.ociIndex, digest, size: index.length }];
  layout.set('index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })));
  const place = directory(layout);
  assert.deepEqual(await opened(place, read), expected);
  const arm = await openArchive(place, { platform: 'linux/arm64' });
  assert.deepEqual(await read(arm), [['arm=64']]);
  await arm.close();
  await assert.rejects(openArchive(place, { platform: 'linux/s390x' }), /platform/);
});

const manifest = (value: unknown): TarItem => ({ name: 'manifest.json', content: JSON.stringify(value) });

test('what is wrong with an archive', async () => {
  const plain = makeDockerArchive(parts);
  const tar = (...items: TarItem[]): string => file(makeTar(items));
  await refused(join(folder, 'nope.tar'), 'file/not-found');
  await refused(join(folder, 'nope.tar:tag'), 'file/not-found');
  await refused(file(Buffer.alloc(0)), 'image/no-manifest', /empty/);
  await refused(file(Buffer.from('not a tar at all '.repeat(100))), 'image/no-manifest', /not a tar/);
  await refused(tar({ name: 'etc/passwd' }), 'image/no-manifest', /neither/);
  await refused(directory(new Map([['x', Buffer.from('x')]])), 'image/no-manifest', /index\.json/);
  await refused(file(plain.subarray(0, plain.length - 1600)), 'artifact/truncated');
  await refused(file(gzipSync(plain).subarray(0, 400)), 'artifact/truncated');
  await refused(tar({ name: 'manifest.json', content: '{' }), 'artifact/corrupt', /JSON/);
  await refused(tar(manifest([])), 'artifact/corrupt', /no image/);
  await refused(tar(manifest([{ Layers: [] }])), 'artifact/corrupt');
  await refused(tar(manifest([{ Config: 'c', Layers: [] }])), 'image/missing-blob');
  const config = { name: 'c', content: JSON.stringify({ rootfs: { diff_ids: [digestOf(Buffer.from('x'))] } }) };
  await refused(tar(manifest([{ Config: 'c', Layers: ['l'] }]), config), 'image/missing-layer');
  await refused(tar(manifest([{ Config: 'c', Layers: ['l', 'm'] }]), config), 'image/bad-config', /1 layers/);
  await refused(tar(manifest([{ Config: 'c', Layers: ['../c'] }]), config), 'image/missing-layer');
  await refused(
    tar(manifest([{ Config: 'c', Layers: ['l'] }]), { name: 'c', content: 'x' }),
    'image/bad-config',
    /JSON/,
  );
  await refused(
    tar(manifest([{ Config: 'c', Layers: ['l'] }]), config, { name: 'l', content: 'x'.repeat(2000) }),
    'artifact/corrupt',
  );
  await refused(
    tar(manifest([{ Config: 'c', Layers: ['l'] }]), config, { name: 'l', content: 'x' }),
    'artifact/truncated',
  );
});

test('what is wrong with a layout', async () => {
  const layout = makeOciLayout({ ...parts, gzip: true });
  const blobs = [...layout.keys()].filter((name) => name.startsWith('blobs'));
  for (const name of blobs) {
    const less = new Map(layout);
    less.delete(name);
    await refused(directory(less), 'image/missing-blob', new RegExp(name.split('/').at(-1)!));
    const bytes = Buffer.from(layout.get(name)!);
    bytes[bytes.length - 2]! ^= 1;
    const changed = new Map(layout).set(name, bytes);
    await assert.rejects(opened(directory(changed), read), PratiqueError, name);
    await refused(directory(new Map(layout).set(name, bytes.subarray(1))), 'artifact/corrupt', /bytes where/);
  }
  const manifest = layout.get(blobs.at(-1)!)!;
  const swap = (change: object): Map<string, Buffer> => {
    const bytes = Buffer.from(JSON.stringify({ ...(JSON.parse(manifest.toString()) as object), ...change }));
    const entry = { mediaType: mediaTypes.ociManifest, digest: digestOf(bytes), size: bytes.length };
    return new Map(layout)
      .set(`blobs/${entry.digest.replace(':', '/')}`, bytes)
      .set('index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [entry] })));
  };
  const { config } = JSON.parse(manifest.toString()) as { config: object };
  const chart = {
    config: { ...config, mediaType: 'application/vnd.cncf.helm.config.v1+json' },
    artifactType: 'application/vnd.cncf.helm',
  };
  await refused(directory(swap(chart)), 'image/not-an-image', /helm/);
  const { layers } = JSON.parse(manifest.toString()) as { layers: { mediaType: string }[] };
  const sealed = layers.map((layer) => ({ ...layer, mediaType: `${layer.mediaType}+encrypted` }));
  await refused(directory(swap({ layers: sealed })), 'artifact/compression', /encrypted/);
});

test('a plain layer that was changed is noticed by its digest', async () => {
  const layout = makeOciLayout(parts);
  const name = `blobs/${diffIds[0]!.replace(':', '/')}`;
  const bytes = Buffer.from(layout.get(name)!);
  bytes[512]! ^= 1;
  await refused(directory(layout.set(name, bytes)), 'image/digest-mismatch');
});

test('bytes changed anywhere in an archive end in a PratiqueError or an image', async () => {
  const tar = makeDockerArchive(parts);
  const path = join(folder, 'mutant.tar');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(tar.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
      async (flips) => {
        const bytes = Buffer.from(tar);
        for (const [at, value] of flips) bytes[at] = value;
        writeFileSync(path, bytes);
        await opened(path, read).catch((error: unknown) => {
          if (!(error instanceof PratiqueError)) throw error;
        });
      },
    ),
    { numRuns: 100 },
  );
});
