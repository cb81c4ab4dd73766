/** Images in a real registry, open and with passwords, and in one that hands out tokens. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type ImageParts, makeImage } from '#artifact/fakes';
import { mediaTypes } from '#oci';
import { fakeRegistry } from '#oci/fakes';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';
import { assertFails } from './kit/failure.js';
import { alpineFindings, alpineImage, plainImage } from './kit/images.js';
import { pratique } from './kit/program.js';
import { pushImage, pushIndex } from './kit/push.js';
import { findingsOf, reportOf } from './kit/report.js';
import { skopeo, without } from './kit/tools.js';
import { workplace } from './kit/workplace.js';

const skip = noRegistry;
const { at, offline } = workplace();
const remote = [...offline, '--image-src', 'remote'];
const parts: ImageParts = { ...alpineImage(), gzip: true };
const plain: ImageParts = { ...plainImage, gzip: true, config: { architecture: 'arm64' } };
const plainFindings = alpineFindings.filter((line) => line.endsWith('made-parser'));
let registry: RealRegistry;
let digest: string;

before(async () => {
  if (skip) return;
  registry = await realRegistry();
  const amd64 = await pushImage(registry, 'made/app', '1', parts);
  const arm64 = await pushImage(registry, 'made/app', 'arm', plain);
  digest = amd64.digest;
  await pushIndex(registry, 'made/app', 'all', [
    { descriptor: arm64, architecture: 'arm64' },
    { descriptor: amd64, architecture: 'amd64' },
  ]);
});
after(() => registry?.stop());

test('by tag', { skip }, async () => {
  const name = `${registry.host}/made/app:1`;
  const ran = await pratique(['image', ...remote, name]);
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(findingsOf(ran), alpineFindings);
  const { ArtifactName, Metadata } = reportOf(ran);
  assert.equal(ArtifactName, name);
  assert.equal(Metadata?.ImageID, makeImage(parts).id);
  assert.deepEqual(Metadata?.RepoTags, [name]);
  assert.deepEqual(Metadata?.RepoDigests, [`${registry.host}/made/app@${digest}`]);
});

test('by digest', { skip }, async () => {
  const ran = await pratique(['image', ...remote, `${registry.host}/made/app@${digest}`]);
  assert.deepEqual(findingsOf(ran), alpineFindings);
});

test('found without naming the source, where no engine runs', { skip }, async () => {
  const ran = await pratique(['image', ...offline, `${registry.host}/made/app:1`], {
    env: { DOCKER_HOST: `unix://${at('no-engine.sock')}`, XDG_RUNTIME_DIR: at('nothing') },
  });
  assert.deepEqual(findingsOf(ran), alpineFindings);
});

test('one platform of several', { skip }, async () => {
  const name = `${registry.host}/made/app:all`;
  const chosen = async (...options: string[]): Promise<string[]> =>
    findingsOf(await pratique(['image', ...remote, ...options, name]));
  assert.deepEqual(await chosen(), alpineFindings);
  assert.deepEqual(await chosen('--platform', 'linux/amd64'), alpineFindings);
  assert.deepEqual(await chosen('--platform', 'linux/arm64'), plainFindings);
  const missing = await pratique(['image', ...remote, '--platform', 'linux/s390x', name]);
  assertFails(missing, /no image for platform linux\/s390x .*linux\/arm64/);
  assertFails(await pratique(['image', ...remote, '--platform', 'what', name]), /what: not a platform/);
});

test('compressed with Zstandard by skopeo', { skip: skip || without('skopeo') }, async () => {
  const [from, to] = [`docker://${registry.host}/made/app:1`, `docker://${registry.host}/made/zstd:1`];
  const open = ['--src-tls-verify=false', '--dest-tls-verify=false', '--dest-compress-format=zstd'];
  skopeo(from, `dir:${at('dir')}`, '--src-tls-verify=false', '--dest-decompress');
  skopeo(`dir:${at('dir')}`, to, ...open, '--dest-compress');
  const ran = await pratique(['image', ...remote, `${registry.host}/made/zstd:1`]);
  assert.deepEqual(findingsOf(ran), alpineFindings);
});

test('what the registry does not have', { skip }, async () => {
  for (const name of ['made/app:2', 'made/none:1', `made/app@sha256:${'0'.repeat(64)}`]) {
    assertFails(await pratique(['image', ...remote, `${registry.host}/${name}`]), /not found/);
  }
});

test('a registry with passwords', { skip: skip || without('htpasswd') }, async () => {
  const [user, password] = ['mallory', 'correct-horse-battery'];
  writeFileSync(at('users'), execFileSync('htpasswd', ['-Bbn', user, password], { encoding: 'utf8' }));
  const closed = await realRegistry({ htpasswd: at('users'), user: `${user}:${password}` });
  try {
    await pushImage(closed, 'made/app', '1', parts);
    const scan = (args: readonly string[], more: Parameters<typeof pratique>[1] = {}) =>
      pratique(['image', ...remote, ...args, `${closed.host}/made/app:1`], more);

    assertFails(await scan([]), /asks for other credentials/);
    const wrong = await scan(['--username', user, '--password', 'wrong-horse-battery']);
    assertFails(wrong, /asks for other credentials/);
    assert.doesNotMatch(wrong.stderr, /wrong-horse/);

    mkdirSync(at('docker'));
    const auth = Buffer.from(`${user}:${password}`).toString('base64');
    writeFileSync(at('docker/config.json'), JSON.stringify({ auths: { [closed.host]: { auth } } }));
    for (const ran of [
      await scan(['--username', user, '--password', password]),
      await scan(['--username', user, '--password-stdin'], { stdin: `${password}\n` }),
      await scan([], { env: { TRIVY_USERNAME: user, TRIVY_PASSWORD: password } }),
      await scan([], { env: { DOCKER_CONFIG: at('docker') } }),
      await scan(['--debug'], { env: { DOCKER_CONFIG: at('docker') } }),
    ]) {
      assert.equal(ran.code, 0, ran.stderr);
      assert.deepEqual(findingsOf(ran), alpineFindings);
      for (const secret of [password, auth]) assert.ok(!ran.stderr.includes(secret), ran.stderr);
    }
  } finally {
    await closed.stop();
  }
});

test('a registry with tokens, for users and for everyone', async () => {
  const { config, blobs } = makeImage(parts);
  for (const open of [true, false]) {
    const tokens = await fakeRegistry({ auth: 'bearer', open, users: { alice: 'in-wonderland' } });
    try {
      tokens.pushManifest('made/app', '1', {
        schemaVersion: 2,
        mediaType: mediaTypes.ociManifest,
        config: tokens.pushBlob(config, mediaTypes.ociConfig),
        layers: blobs.map((blob) => tokens.pushBlob(blob)),
      });
      const scan = (...options: string[]) => pratique(['image', ...remote, ...options, `${tokens.host}/made/app:1`]);
      const anonymous = await scan();
      if (open) assert.deepEqual(findingsOf(anonymous), alpineFindings);
      else assertFails(anonymous, /credentials|denied/);
      assert.deepEqual(findingsOf(await scan('--username', 'alice', '--password', 'in-wonderland')), alpineFindings);
      const wrong = await scan('--username', 'alice', '--password', 'through-the-glass');
      if (!open) assertFails(wrong, /credentials|denied/);
      assert.doesNotMatch(wrong.stderr, /through-the-glass|token-\d/);
    } finally {
      await tokens.close();
    }
  }
});
