import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { limits, PratiqueError } from '#base';
import { digestOf, parseDigest } from './digest.js';
import { blobPath, isLayoutMarker, selectFromLayout, splitLayoutName } from './layout.js';
import { type ImageIndex, type Manifest, parseManifest } from './manifest.js';
import { layerCompression, mediaTypes } from './media-types.js';
import { parsePlatform, platformText, selectPlatform } from './platform.js';

const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const digest = (text: string): string => digestOf(Buffer.from(text));
const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digest('layer'), size: 5 };
const config = { mediaType: mediaTypes.ociConfig, digest: digest('config'), size: 6 };
const manifest = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [layer] };
const entry = (os: string, architecture: string, more: object = {}): object => ({
  mediaType: mediaTypes.ociManifest,
  digest: digest(os + architecture + JSON.stringify(more)),
  size: 7,
  platform: { os, architecture, ...more },
});
const entries = [
  entry('unknown', 'unknown'),
  entry('windows', 'amd64', { 'os.version': '10.0.17763.1' }),
  entry('linux', 'arm', { variant: 'v6' }),
  entry('linux', 'arm', { variant: 'v7' }),
  entry('linux', 'arm64', { variant: 'v8' }),
  entry('linux', 'amd64'),
];
const index = (manifests: unknown): unknown => ({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests });
const parse = (value: unknown, type?: string): Manifest | ImageIndex => parseManifest(bytes(value), type, 'x');
const parsedIndex = parse(index(entries)) as ImageIndex;

test('a manifest', () => {
  const annotations = JSON.parse('{"a":"b","__proto__":"c","n":1}') as object;
  const parsed = parse({ ...manifest, annotations, artifactType: 'application/x', unknown: 1 });
  assert.ok(parsed.kind === 'manifest');
  assert.deepEqual([parsed.config, parsed.layers, parsed.artifactType], [config, [layer], 'application/x']);
  assert.deepEqual(Object.entries(parsed.annotations ?? {}), [
    ['a', 'b'],
    ['__proto__', 'c'],
  ]);
  assert.equal(({} as { c?: string }).c, undefined);
});

test('the media type comes from the header, else from the document, else from its shape', () => {
  const bare = { schemaVersion: 2, config, layers: [] };
  const cases: readonly [unknown, string | undefined, string][] = [
    [bare, `${mediaTypes.dockerManifest}; charset=utf-8`, mediaTypes.dockerManifest],
    [manifest, 'application/octet-stream', mediaTypes.ociManifest],
    [bare, 'text/plain; charset=utf-8', mediaTypes.ociManifest],
    [bare, undefined, mediaTypes.ociManifest],
    [{ schemaVersion: 2, manifests: [] }, 'application/json', mediaTypes.ociIndex],
    [{ schemaVersion: 2, manifests: null }, mediaTypes.dockerIndex, mediaTypes.dockerIndex],
  ];
  for (const [document, declared, expected] of cases) assert.equal(parse(document, declared).mediaType, expected);
});

test('what is no image manifest is refused with its type', () => {
  const cases: readonly [unknown, string | undefined, RegExp][] = [
    [{ schemaVersion: 1 }, mediaTypes.dockerSchema1Signed, /schema 1/],
    [{ schemaVersion: 1 }, 'application/json', /schema 1/],
    [{ schemaVersion: 2 }, 'text/html', /text\/html/],
    [{ mediaType: 'application/vnd.cncf.helm' }, undefined, /cncf\.helm/],
  ];
  for (const [document, declared, message] of cases) {
    assert.throws(() => parse(document, declared), { code: 'registry/unsupported-media-type', message });
  }
});

test('a manifest that breaks its specification is refused', () => {
  const cases: unknown[] = [
    'not json',
    '[]',
    '"text"',
    { ...manifest, config: undefined },
    { ...manifest, layers: {} },
    { ...manifest, layers: [{ ...layer, digest: 'sha256:../../etc/passwd' }] },
    { ...manifest, layers: [{ ...layer, size: -1 }] },
    { ...manifest, layers: [{ ...layer, size: 1.5 }] },
    { ...manifest, layers: [{ ...layer, size: '5' }] },
    { ...manifest, layers: Array.from({ length: 10_001 }, () => layer) },
    index([null]),
    ' '.repeat(limits.manifest + 1),
  ];
  for (const document of cases) {
    assert.throws(() => parse(document, typeof document === 'string' ? mediaTypes.ociManifest : undefined), {
      code: 'registry/bad-manifest',
    });
  }
});

test('damaged bytes: an error of ours or a manifest, never anything else', () => {
  const whole = Buffer.from(bytes({ ...manifest, annotations: { a: 'b' } }));
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), (cut, at, value) => {
      for (const damaged of [whole.subarray(0, cut), Buffer.from(whole).fill(value, at, at + 1)]) {
        try {
          parseManifest(damaged, mediaTypes.ociManifest, 'x');
        } catch (error) {
          assert.ok(error instanceof PratiqueError, String(error));
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('platforms: the first entry that fits', () => {
  const cases: Readonly<Record<string, string>> = {
    'linux/amd64': 'linux/amd64',
    'linux/x86_64': 'linux/amd64',
    '*/amd64': 'windows/amd64:10.0.17763.1',
    'linux/arm64': 'linux/arm64/v8',
    'linux/arm64/v8': 'linux/arm64/v8',
    'linux/aarch64': 'linux/arm64/v8',
    'linux/arm': 'linux/arm/v6',
    'linux/arm/v7': 'linux/arm/v7',
    'windows/amd64:10.0.17763.1': 'windows/amd64:10.0.17763.1',
  };
  for (const [wanted, expected] of Object.entries(cases)) {
    const { platform } = selectPlatform(parsedIndex, parsePlatform(wanted), 'x');
    assert.equal(platform && platformText(platform), expected, wanted);
  }
  for (const wanted of ['linux/s390x', 'linux/arm/v5', '*/unknown', 'windows/amd64:11']) {
    assert.throws(() => selectPlatform(parsedIndex, parsePlatform(wanted), 'x'), {
      code: 'registry/no-platform',
      hint: /windows\/amd64:10\.0\.17763\.1, linux\/arm\/v6, .*linux\/amd64$/,
    });
  }
  const nameless = parse(index([{ ...layer, mediaType: mediaTypes.ociManifest }])) as ImageIndex;
  assert.equal(selectPlatform(nameless, parsePlatform('linux/amd64'), 'x').digest, layer.digest);
});

test('what is no platform is refused', () => {
  for (const text of ['', 'linux', 'linux/', '/amd64', 'linux/*', 'a/b/c/d', 'linux/amd64/*', 'li nux/amd64']) {
    assert.throws(() => parsePlatform(text), { code: 'platform/invalid' }, text);
  }
});

test('digests and blob paths', () => {
  assert.equal(blobPath(digest('')), 'blobs/sha256/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(parseDigest(`sha512:${'a'.repeat(128)}`)?.algorithm, 'sha512');
  for (const text of [
    '',
    'sha256:',
    `sha256:${'A'.repeat(64)}`,
    `sha256:${'a'.repeat(63)}`,
    `md5:${'a'.repeat(32)}`,
    `sha256:${'a'.repeat(62)}/.`,
  ]) {
    assert.equal(parseDigest(text), undefined, text);
    assert.throws(() => blobPath(text), { code: 'layout/invalid' });
  }
});

test('layouts: marker, names, choice', () => {
  assert.equal(isLayoutMarker(bytes({ imageLayoutVersion: '1.0.0' })), true);
  for (const other of ['', 'null', '{}', '{"imageLayoutVersion":"2.0.0"}', ' '.repeat(5000)]) {
    assert.equal(isLayoutMarker(bytes(other)), false);
  }
  const D = digest('x');
  const names: readonly [string, object][] = [
    ['/a/b', { path: '/a/b' }],
    ['/a/b:v1', { path: '/a/b', tag: 'v1' }],
    [`/a/b@${D}`, { path: '/a/b', digest: D }],
    ['C:\\a', { path: 'C:\\a' }],
    ['/a:b/c', { path: '/a:b/c' }],
    ['a@b', { path: 'a@b' }],
  ];
  for (const [text, expected] of names) assert.deepEqual(splitLayoutName(text), expected, text);

  const named = (name: string): object => ({
    ...layer,
    digest: digest(name),
    annotations: { 'org.opencontainers.image.ref.name': name },
  });
  const two = parse(index([named('v1'), named('ghcr.io/a/b:v2')])) as ImageIndex;
  assert.equal(selectFromLayout(two, {}, '/l').digest, digest('v1'));
  assert.equal(selectFromLayout(two, { tag: 'v2' }, '/l').digest, digest('ghcr.io/a/b:v2'));
  assert.equal(selectFromLayout(two, { digest: digest('v1') }, '/l').digest, digest('v1'));
  assert.throws(() => selectFromLayout(two, { tag: 'v3' }, '/l'), {
    code: 'layout/invalid',
    message: /no image v3 \(there: v1, /,
  });
});

test('compression of layers', () => {
  assert.equal(layerCompression('application/vnd.oci.image.layer.v1.tar+zstd'), 'zstd');
  assert.equal(layerCompression('application/vnd.docker.image.rootfs.diff.tar.gzip'), 'gzip');
  assert.equal(layerCompression('application/vnd.in-toto+json'), undefined);
  assert.equal(layerCompression('constructor'), undefined);
});
