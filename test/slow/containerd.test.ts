/** Images in a real containerd, imported by its own client. No container is run. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type ImageParts, makeImage, makeOciLayout } from '#artifact/fakes';
import { makeTar } from '#formats/fakes';
import { assertFails } from '../e2e/kit/failure.js';
import { alpineFindings, alpineImage, plainImage } from '../e2e/kit/images.js';
import { pratique, type Ran } from '../e2e/kit/program.js';
import { diagnosticsOf, findingsOf, reportOf } from '../e2e/kit/report.js';
import { without } from '../e2e/kit/tools.js';
import { workplace } from '../e2e/kit/workplace.js';

const skip = without('containerd') || without('ctr') || (process.getuid?.() !== 0 && 'only root can run containerd');
const { at, offline } = workplace();
const address = at('containerd.sock');
/** Larger than one message of the content service. */
const noise = { name: 'srv/noise', content: randomBytes(9 * 1024 * 1024) };
const { layers, ...rest } = alpineImage();
const parts: ImageParts = { ...rest, layers: [...layers, [noise]], gzip: true };
const other: ImageParts = { ...plainImage, gzip: true, config: { architecture: 'arm64' } };
let server: ChildProcess;

const ctr = (...args: string[]): string => execFileSync('ctr', ['--address', address, ...args], { encoding: 'utf8' });

const scan = (name: string, env: Record<string, string> = {}, ...options: string[]): Promise<Ran> =>
  pratique(['image', ...offline, '--image-src', 'containerd', ...options, name], {
    env: { CONTAINERD_ADDRESS: address, ...env },
  });

function load(image: ImageParts, name: string, namespace = 'default'): void {
  const files = [...makeOciLayout(image, '1')].map(([path, content]) => ({ name: path, content }));
  writeFileSync(at('layout.tar'), makeTar(files));
  const choice = ['--no-unpack', '--all-platforms', '--index-name', name];
  ctr('--namespace', namespace, 'images', 'import', ...choice, at('layout.tar'));
}

before(async () => {
  if (skip) return;
  const plugins = [
    'grpc.v1.cri',
    'internal.v1.opt',
    'snapshotter.v1.btrfs',
    'snapshotter.v1.zfs',
    'snapshotter.v1.aufs',
  ];
  writeFileSync(
    at('config.toml'),
    `version = 2
root = "${at('root')}"
state = "${at('state')}"
disabled_plugins = [${plugins.map((name) => `"io.containerd.${name}"`).join()}]
grpc = { address = "${address}" }
ttrpc = { address = "${address}.ttrpc" }
`,
  );
  server = spawn('containerd', ['--config', at('config.toml')], { stdio: 'ignore' });
  for (let tries = 0; !existsSync(address); tries++) {
    assert.ok(tries < 200, 'containerd does not listen');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  load(parts, 'docker.io/made/app:1');
  load(other, 'registry.example/made/arm:1');
  load(parts, 'registry.example/made/kept:1', 'k8s.io');
});
after(async () => {
  if (!server) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
});

test('by name, short and whole', { skip }, async () => {
  for (const name of ['made/app:1', 'docker.io/made/app:1']) {
    const ran = await scan(name);
    assert.deepEqual(findingsOf(ran), alpineFindings, ran.stderr);
    const { Metadata } = reportOf(ran);
    assert.deepEqual(Metadata?.RepoTags, ['made/app:1']);
    assert.match(Metadata?.RepoDigests?.[0] ?? '', /^made\/app@sha256:/);
    assert.equal(Metadata?.ImageID, makeImage(parts).id);
  }
});

test('the platform that is there, and one that is not', { skip }, async () => {
  const name = 'registry.example/made/arm:1';
  assert.equal(reportOf(await scan(name)).Metadata?.ImageConfig?.architecture, 'arm64');
  // The index of an imported archive does not tell platforms; the image itself does.
  const asked = await scan(name, {}, '--platform', 'linux/s390x');
  assert.ok(diagnosticsOf(asked).some(({ Message }) => /is for linux\/arm64, .*linux\/s390x was asked/.test(Message)));
});

test('the namespace counts', { skip }, async () => {
  const name = 'registry.example/made/kept:1';
  assertFails(await scan(name), /no image registry\.example\/made\/kept:1 in the namespace default/);
  assert.deepEqual(findingsOf(await scan(name, { CONTAINERD_NAMESPACE: 'k8s.io' })), alpineFindings);
});

test('layers that were not kept', { skip }, async () => {
  load(alpineImage(), 'docker.io/made/gone:1');
  const [blob] = makeImage(alpineImage()).blobs;
  const { digestOf } = await import('#oci');
  ctr('content', 'rm', digestOf(blob!));
  assertFails(await scan('made/gone:1'), /containerd at .*sha256:/);
});

test('where none listens, and in its place something else', { skip }, async () => {
  assertFails(await scan('made/app:1', { CONTAINERD_ADDRESS: at('nothing.sock') }), /no containerd listens at/);
  assertFails(await scan('made/app:1', { CONTAINERD_ADDRESS: at('config.toml') }), /containerd at/);
});

test('found without naming the source', { skip }, async () => {
  const ran = await pratique(['image', ...offline, 'made/app:1'], {
    env: { CONTAINERD_ADDRESS: address, DOCKER_HOST: `unix://${at('no-engine.sock')}`, XDG_RUNTIME_DIR: at('nothing') },
  });
  assert.deepEqual(findingsOf(ran), alpineFindings, ran.stderr);
});
