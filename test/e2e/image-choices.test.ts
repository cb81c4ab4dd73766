/** What is decided before an image is read: whether it is there, how large it may be, which platform it is for. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type ImageParts, makeDockerArchive, makeImage } from '#artifact/fakes';
import { mediaTypes } from '#oci';
import { fakeRegistry } from '#oci/fakes';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';
import { assertFails } from './kit/failure.js';
import { alpineFindings, alpineImage, plainImage } from './kit/images.js';
import { pratique } from './kit/program.js';
import { pushImage } from './kit/push.js';
import { diagnosticsOf, findingsOf } from './kit/report.js';
import { workplace } from './kit/workplace.js';

const skip = noRegistry;
const { at, offline } = workplace();
const remote = [...offline, '--image-src', 'remote'];
const aloud = remote.filter((option) => option !== '--quiet');
const MIB = 1024 * 1024;
const small: ImageParts = { ...alpineImage(), gzip: true };
/** 3 MiB that no compression makes smaller. */
const large: ImageParts = {
  layers: [...small.layers, [{ name: 'srv/noise', content: randomBytes(3 * MIB) }]],
  gzip: true,
};
/** 8 MiB that compress to nothing. */
const hollow: ImageParts = {
  layers: [...small.layers, [{ name: 'srv/zeros', content: Buffer.alloc(8 * MIB) }]],
  gzip: true,
};
let registry: RealRegistry;

before(async () => {
  if (skip) return;
  registry = await realRegistry();
  for (const [tag, parts] of Object.entries({ small, large, hollow }))
    await pushImage(registry, 'made/app', tag, parts);
  await pushImage(registry, 'made/app', 'arm', { ...plainImage, gzip: true, config: { architecture: 'arm64' } });
});
after(() => registry?.stop());

test('--max-image-size, in a registry', { skip }, async () => {
  const scan = (tag: string, limit: string) =>
    pratique(['image', ...remote, '--max-image-size', limit, `${registry.host}/made/app:${tag}`]);
  assert.deepEqual(findingsOf(await scan('small', '1MB')), alpineFindings);
  assert.deepEqual(findingsOf(await scan('hollow', '10MB')), alpineFindings);
  const stated = await scan('large', '2MB');
  assertFails(stated, /made\/app:large is larger than \d+ bytes: its layers have \d+ bytes as they are stored/);
  const expanded = await scan('hollow', '2MB');
  assertFails(expanded, /made\/app:hollow is larger than \d+ bytes: its layers expand to more/);
  // Now from the cache.
  assertFails(await scan('hollow', '2MB'), /expand to more/);
});

test('--max-image-size, without naming the source, and in archives', { skip }, async () => {
  const nowhere = { DOCKER_HOST: `unix://${at('no-engine.sock')}`, XDG_RUNTIME_DIR: at('nothing') };
  const name = `${registry.host}/made/app:large`;
  assertFails(
    await pratique(['image', ...offline, '--max-image-size', '2MB', name], { env: nowhere }),
    /ERROR\s+\S+ is larger than/,
  );
  for (const [path, parts] of Object.entries({ 'plain.tar': { ...large, gzip: false }, 'zipped.tar': hollow })) {
    writeFileSync(at(path), makeDockerArchive(parts));
    assertFails(
      await pratique(['image', ...offline, '--max-image-size', '2MB', '--input', at(path)]),
      /is larger than/,
    );
  }
});

test('no blob is asked for of an image whose manifest states too much', async () => {
  const fake = await fakeRegistry();
  try {
    const { config, blobs } = makeImage(small);
    const layers = blobs.map((blob) => ({ ...fake.pushBlob(blob), size: 5 * MIB }));
    const described = fake.pushBlob(config, mediaTypes.ociConfig);
    fake.pushManifest('made/app', '1', {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: described,
      layers,
    });
    const ran = await pratique(['image', ...remote, '--max-image-size', '2MB', `${fake.host}/made/app:1`]);
    assertFails(ran, new RegExp(`its layers have ${blobs.length * 5 * MIB} bytes`));
    assert.ok(fake.requests.every(({ path }) => !path.includes('/blobs/')));
  } finally {
    await fake.close();
  }
});

test('a platform that the image does not have is told', { skip }, async () => {
  const scan = (...options: string[]) => pratique(['image', ...aloud, ...options, `${registry.host}/made/app:arm`]);
  const told = (text: string): RegExp =>
    new RegExp(`the image is for linux/arm64, which was scanned; ${text} was asked for`);
  const other = await scan('--platform', 'linux/amd64');
  assert.equal(other.code, 0, other.stderr);
  assert.match(other.stderr, told('linux/amd64'));
  const [diagnostic] = diagnosticsOf(other).filter(({ Code }) => Code === 'image/other-platform');
  assert.match(diagnostic?.Message ?? '', told('linux/amd64'));
  assert.equal(diagnostic?.Severity, 'warning');
  for (const options of [
    [],
    ['--platform', 'linux/arm64'],
    ['--platform', '*/arm64'],
    ['--platform', 'linux/arm64/v8'],
  ])
    assert.ok(diagnosticsOf(await scan(...options)).every(({ Code }) => Code !== 'image/other-platform'));
});

test('what is not there is told before a database is asked for', async () => {
  const database = await fakeRegistry();
  const missing = at('nothing-here');
  const args = ['--cache-dir', at('empty-cache'), '--db-repository', `${database.host}/made/db:2`];
  try {
    for (const target of [
      ['image', '--input', missing],
      ['rootfs', missing],
      ['fs', missing],
      ['sbom', missing],
      ['repo', missing],
    ]) {
      const [command = '', ...rest] = target;
      assertFails(await pratique([command, ...args, ...rest]), /nothing-here: no such file or directory/);
    }
    assert.deepEqual(database.requests, []);
  } finally {
    await database.close();
  }
});

test('--offline-scan asks no source of bills of materials', { skip }, async () => {
  const rekor = await fakeRegistry();
  const name = `${registry.host}/made/app:small`;
  const sources = ['--sbom-sources', 'oci,rekor', '--rekor-url', `http://${rekor.host}`];
  try {
    const ran = await pratique(['image', ...aloud, ...sources, '--offline-scan', name]);
    assert.deepEqual(findingsOf(ran), alpineFindings);
    assert.match(ran.stderr, /no published bill of materials is looked for/);
    assert.deepEqual(rekor.requests, []);
    await pratique(['image', ...remote, ...sources, name]);
    assert.notDeepEqual(rekor.requests, []);
  } finally {
    await rekor.close();
  }
});

test('--offline-scan downloads no index of Java archives; a later scan finds what needs it', async () => {
  const fake = await fakeRegistry();
  // An empty archive that only its digest could name.
  const jar = Buffer.concat([Buffer.from('504b0506', 'hex'), Buffer.alloc(18)]);
  writeFileSync(at('java.tar'), makeDockerArchive({ layers: [[{ name: 'srv/made.jar', content: jar }]] }));
  const scan = (...options: string[]) =>
    pratique([
      'image',
      ...offline,
      '--java-db-repository',
      `${fake.host}/made/java:1`,
      ...options,
      '--input',
      at('java.tar'),
    ]);
  const missing = (ran: Awaited<ReturnType<typeof scan>>) =>
    diagnosticsOf(ran).filter(({ Code }) => Code === 'jar/java-db-missing').length;
  try {
    const alone = await scan('--offline-scan');
    assert.equal(alone.code, 0, alone.stderr);
    assert.equal(missing(alone), 1);
    assert.deepEqual(fake.requests, []);
    await scan();
    assert.notDeepEqual(fake.requests, []);
  } finally {
    await fake.close();
  }
});
