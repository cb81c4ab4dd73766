/** Files that are no images, damaged ones and hostile ones: one clear line each, at once and without much memory. */
import assert from 'node:assert/strict';
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type ImageParts, makeDockerArchive, makeImage, makeOciLayout } from '#artifact/fakes';
import { makeTar, paxRecord, type TarItem } from '#formats/fakes';
import { digestOf, mediaTypes } from '#oci';
import { assertFails } from './kit/failure.js';
import { alpineFindings, alpineImage, writeFiles } from './kit/images.js';
import { pratique, type Ran } from './kit/program.js';
import { findingsOf } from './kit/report.js';
import { workplace } from './kit/workplace.js';

const { at, folder, offline } = workplace();
/** Temporary files go to a directory of the scans' own, where what is left can be counted. */
const temporary = at('temporary');
mkdirSync(temporary);
const scan = (path: string): Promise<Ran> =>
  pratique(['image', ...offline, '--input', path], { env: { TMPDIR: temporary } });
const good = makeDockerArchive(alpineImage());
const zipped = gzipSync(good);
const gzippedLayers: ImageParts = { ...alpineImage(), gzip: true };

function archive(edit: (manifest: { Config: string; Layers: string[] }) => void, config?: unknown): Buffer {
  const made = makeImage(alpineImage());
  const manifest = { Config: 'config.json', RepoTags: ['made/app:1'], Layers: ['0.tar', '1.tar'] };
  edit(manifest);
  return makeTar([
    { name: 'manifest.json', content: JSON.stringify([manifest]) },
    { name: 'config.json', content: config === undefined ? made.config : JSON.stringify(config) },
    ...made.blobs.map((content, i) => ({ name: `${i}.tar`, content })),
  ]);
}

function layout(change: (files: Map<string, Buffer>) => void, parts = gzippedLayers): Map<string, Buffer> {
  const files = makeOciLayout(parts, '1');
  change(files);
  return files;
}

const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`;
const layerPath = blobPath(digestOf(makeImage(gzippedLayers).blobs[0]!));
const cut = (bytes: Uint8Array, share: number): Uint8Array => bytes.subarray(0, Math.floor(bytes.length * share));

const inputs: readonly (readonly [string, Uint8Array | Map<string, Buffer>, RegExp])[] = [
  ['an empty file', Buffer.alloc(0), /is no image|damaged|unexpected end/],
  ['text', Buffer.from('no archive at all'), /is no image|tar/],
  ['random bytes', Buffer.alloc(10_000, 'r4nd0m'), /is no image|tar/],
  ['a tar of something else', makeTar([{ name: 'a', content: 'b' }]), /neither manifest\.json nor index\.json/],
  ['half an archive', cut(good, 0.5), /cut off|unexpected end|missing/],
  ['half a compressed archive', cut(zipped, 0.5), /cut off/],
  ['a compressed archive without its last byte', zipped.subarray(0, -1), /cut off|damaged/],
  ['a compressed archive with a changed byte', changed(zipped, zipped.length >> 1), /fetch or save it again/],
  ['xz', Buffer.concat([Buffer.from('fd377a585a00', 'hex'), Buffer.alloc(100)]), /compressed with xz/],
  ['a manifest that is no JSON', makeTar([{ name: 'manifest.json', content: '{' }]), /manifest/],
  ['a manifest of nothing', makeTar([{ name: 'manifest.json', content: '[]' }]), /manifest|image/],
  ['no configuration', archive((m) => void (m.Config = 'other.json')), /other\.json|configuration/],
  ['a layer that is not there', archive((m) => void (m.Layers[1] = 'none.tar')), /none\.tar is missing/],
  ['a layer outside of the archive', archive((m) => void (m.Layers[1] = '../../etc/passwd')), /is missing/],
  ['a configuration without diff ids', archive(() => {}, { os: 'linux' }), /image configuration/],
  ['too few diff ids', archive(() => {}, { rootfs: { type: 'layers', diff_ids: [digestOf(good)] } }), /configuration/],
  ['a layout without its index', layout((files) => files.delete('index.json')), /index\.json/],
  ['a layout without a blob', layout((files) => files.delete(layerPath)), /is missing/],
  ['a layout with a changed blob', layout((files) => flip(files.get(layerPath)!)), /digest|damaged|layer/],
  ['a layout with half a blob', layout((files) => files.set(layerPath, halfOf(files.get(layerPath)!))), /layer|blob/],
  ['a layout of a chart', layout((files) => replaceType(files, 'application/vnd.cncf.helm.config.v1+json')), /image/],
];

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 0xff;
  return copy;
}

function flip(bytes: Buffer): void {
  bytes[bytes.length >> 1]! ^= 0xff;
}

function halfOf(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length >> 1);
}

/** Makes the manifest one of another kind of artifact. */
function replaceType(files: Map<string, Buffer>, type: string): void {
  const index = JSON.parse(String(files.get('index.json'))) as { manifests: { digest: string; size: number }[] };
  const entry = index.manifests[0]!;
  const manifest = Buffer.from(
    String(files.get(blobPath(entry.digest)))
      .replace(mediaTypes.ociConfig, type)
      .replace('{', `{"artifactType":"${type}",`),
  );
  entry.digest = digestOf(manifest);
  entry.size = manifest.length;
  files.set(blobPath(entry.digest), manifest).set('index.json', Buffer.from(JSON.stringify(index)));
}

for (const [what, content, message] of inputs) {
  test(what, async () => {
    const path = at(what.replaceAll(' ', '-'));
    if (content instanceof Map) writeFiles(path, content);
    else writeFileSync(path, content);
    const ran = await scan(path);
    assertFails(ran, message);
    assert.ok(ran.milliseconds < 20_000);
    assert.deepEqual(readdirSync(temporary), [], 'temporary files are left');
  });
}

test('a file that is not there, a directory that is no layout, a device', async () => {
  assertFails(await scan(at('nowhere.tar')), /nowhere\.tar: no such file or directory/);
  mkdirSync(at('empty'));
  assertFails(await scan(at('empty')), /holds no index\.json/);
  assertFails(await scan('/dev/null'), /not a regular file/);
});

const apk = alpineImage().layers[0]!;
const hostile: readonly (readonly [string, readonly TarItem[]])[] = [
  ['paths that climb out', [{ name: '../../../../tmp/pratique-escaped', content: 'x' }]],
  ['absolute paths', [{ name: '/tmp/pratique-escaped', content: 'x' }]],
  ['links that climb out', [{ name: 'lib/apk/db/other', flag: '2', link: '../../../../../etc/passwd' }]],
  ['a link to itself', [{ name: 'loop', flag: '2', link: 'loop' }]],
  ['a hard link to nothing', [{ name: 'lib/apk/db/also', flag: '1', link: 'nothing/at/all' }]],
  ['a device', [{ name: 'dev/sda', flag: '4' }]],
  ['a name with control characters', [{ name: 'a\u001b[31mb\nc', content: 'x' }]],
  ['a very long name', [{ name: `${'d/'.repeat(3000)}f`, content: 'x' }]],
  ['a whiteout of everything above', [{ name: '../.wh..wh..opq', content: '' }]],
];
for (const [what, items] of hostile) {
  test(`a layer with ${what} is read, and leads nowhere`, async () => {
    const path = at(`${what.replaceAll(' ', '-')}.tar`);
    writeFileSync(path, makeDockerArchive({ layers: [[...apk, ...items]] }));
    const ran = await scan(path);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(findingsOf(ran), alpineFindings.slice(0, 2));
    assert.ok(!readdirSync('/tmp').includes('pratique-escaped'));
  });
}

test('a header that promises 8 GB which are not there', async () => {
  const items: TarItem[] = [{ name: 'lib/apk/db/installed', content: 'P:a\n', size: 8_000_000_000 }];
  writeFileSync(at('promise.tar'), makeDockerArchive({ layers: [items] }));
  assertFails(await scan(at('promise.tar')), /cut off|unexpected end/);
});

test('10 GB that are there but hold nothing', async () => {
  const layer = at('sparse-layer');
  const size = 10_000_000_000;
  const header = makeTar([
    { name: 'pax', flag: 'x', content: paxRecord('size', String(size)) },
    { name: 'lib/apk/db/installed', size: 0 },
  ]).subarray(0, -1024);
  const total = header.length + Math.ceil(size / 512) * 512 + 1024;
  const manifest = [{ Config: 'config.json', RepoTags: null, Layers: ['layer.tar'] }];
  const config = { rootfs: { type: 'layers', diff_ids: [`sha256:${'1'.repeat(64)}`] } };
  const outer = makeTar([
    { name: 'manifest.json', content: JSON.stringify(manifest) },
    { name: 'config.json', content: JSON.stringify(config) },
    { name: 'pax', flag: 'x', content: paxRecord('size', String(total)) },
    { name: 'layer.tar', size: 0 },
  ]).subarray(0, -1024);
  const file = openSync(layer, 'w');
  writeSync(file, outer);
  writeSync(file, header);
  ftruncateSync(file, outer.length + total + 1024);
  closeSync(file);
  const ran = await scan(layer);
  assert.ok(ran.milliseconds < 30_000, `${ran.milliseconds} ms`);
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(findingsOf(ran), []);
  assert.match(ran.stdout, /larger than the limit/);
});

test('a sparse file of 10 GB in 1 KB', async () => {
  const map = paxRecord('GNU.sparse.major', '1') + paxRecord('GNU.sparse.minor', '0');
  const names = paxRecord('GNU.sparse.name', 'lib/apk/db/installed') + paxRecord('GNU.sparse.realsize', '10000000000');
  const items: TarItem[] = [
    { name: 'pax', flag: 'x', content: map + names },
    {
      name: 'GNUSparseFile.0/installed',
      content: Buffer.concat([Buffer.from('1\n9999999999\n1\n'), Buffer.alloc(1000)]),
    },
  ];
  writeFileSync(at('sparse.tar'), makeDockerArchive({ layers: [items] }));
  const ran = await scan(at('sparse.tar'));
  assert.ok(ran.milliseconds < 20_000, `${ran.milliseconds} ms`);
  if (ran.code !== 0) assertFails(ran, /sparse|larger|layer/);
  else assert.deepEqual(findingsOf(ran), []);
});

test('nothing was written beside the inputs', () => {
  assert.ok(!readdirSync(folder).some((name) => name.startsWith('.')));
});
