/** Input that expands without end or in number: refused or read, in bounded memory and time. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, createWriteStream, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { makeImage, makeOciLayout } from '#artifact/fakes';
import { makeTar } from '#formats/fakes';
import { digestOf } from '#oci';
import { assertFails } from '../e2e/kit/failure.js';
import { alpineImage, writeFiles } from '../e2e/kit/images.js';
import { peakOf } from '../e2e/kit/peak.js';
import { findingsOf } from '../e2e/kit/report.js';
import { without } from '../e2e/kit/tools.js';
import { workplace } from '../e2e/kit/workplace.js';

const { at, offline } = workplace();
const apk = alpineImage().layers[0]!;
const systemFindings = ['CVE-2099-0001 zlib', 'CVE-2099-0002 busybox'];

/** An OCI layout whose one layer is this blob. */
function layoutWith(name: string, blob: Buffer, mediaType: string): string {
  const parts = { layers: [apk], gzip: true };
  const files = makeOciLayout(parts);
  const old = digestOf(makeImage(parts).blobs[0]!);
  const index = JSON.parse(String(files.get('index.json'))) as { manifests: { digest: string; size: number }[] };
  const entry = index.manifests[0]!;
  const manifest = JSON.parse(String(files.get(blobPath(entry.digest)))) as { layers: object[] };
  manifest.layers = [{ mediaType, digest: digestOf(blob), size: blob.length }];
  const bytes = Buffer.from(JSON.stringify(manifest));
  Object.assign(entry, { digest: digestOf(bytes), size: bytes.length });
  files.delete(blobPath(old));
  files.set(blobPath(digestOf(blob)), blob).set(blobPath(entry.digest), bytes);
  files.set('index.json', Buffer.from(JSON.stringify(index)));
  writeFiles(at(name), files);
  return at(name);
}

const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

/** The start of a layer, then a file of zeros. */
const zeros = (size: number): Buffer => makeTar([...apk, { name: 'srv/zeros', size }]).subarray(0, -1024);

async function* stream(size: number): AsyncGenerator<Buffer> {
  yield zeros(size);
  const piece = Buffer.alloc(1 << 20);
  for (let done = 0; done < size + 1024; done += piece.length) yield piece;
}

test('a Zstandard bomb is refused early', { skip: without('zstd') }, async () => {
  writeFileSync(at('head'), zeros(4_000_000_000));
  const command = `{ cat '${at('head')}'; head -c 4000001024 /dev/zero; } | zstd -q -3 -T1 -c`;
  const blob = spawnSync('sh', ['-c', command], { maxBuffer: 1 << 26 }).stdout;
  assert.ok(blob.length < 1 << 20, `${blob.length}`);
  const path = layoutWith('zstd', blob, 'application/vnd.oci.image.layer.v1.tar+zstd');
  const ran = await peakOf(['image', ...offline, '--input', path]);
  assertFails(ran, /expands to more than .* times its size/);
  assert.ok(ran.mebibytes < 300, `${ran.mebibytes} MiB`);
  assert.ok(ran.milliseconds < 20_000, `${ran.milliseconds} ms`);
});

test('2 GB of zeros in a gzipped layer are read in bounded memory', async () => {
  const size = 2_000_000_000;
  await pipeline(Readable.from(stream(size)), createGzip({ level: 1 }), createWriteStream(at('layer.gz')));
  const path = layoutWith('gzip', readFileSync(at('layer.gz')), 'application/vnd.oci.image.layer.v1.tar+gzip');
  const ran = await peakOf(['image', ...offline, '--input', path]);
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(findingsOf(ran), systemFindings);
  assert.ok(ran.mebibytes < 300, `${ran.mebibytes} MiB`);
});

test('a million files in a layer', async () => {
  const file = openSync(at('many'), 'w');
  writeSync(file, makeTar([...apk]).subarray(0, -1024));
  for (let i = 0; i < 1000; i++) {
    const items = Array.from({ length: 1000 }, (_, k) => ({ name: `srv/d${i}/f${k}`, content: '' }));
    writeSync(file, makeTar(items).subarray(0, -1024));
  }
  writeSync(file, Buffer.alloc(1024));
  closeSync(file);
  const path = layoutWith(
    'many-files',
    gzipSync(readFileSync(at('many')), { level: 1 }),
    'application/vnd.oci.image.layer.v1.tar+gzip',
  );
  const ran = await peakOf(['image', ...offline, '--input', path]);
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(findingsOf(ran), systemFindings);
  assert.ok(ran.mebibytes < 300, `${ran.mebibytes} MiB`);
  assert.ok(ran.milliseconds < 30_000, `${ran.milliseconds} ms`);
});
