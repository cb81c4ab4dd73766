/**
 * Images in a real container engine: Podman's service speaks its own interface and Docker's. No container is run, and
 * nothing of the machine's own storage is touched.
 * https://docs.podman.io/en/latest/markdown/podman-system-service.1.html
 */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type ImageParts, makeDockerArchive, makeImage } from '#artifact/fakes';
import { freePort } from '../fakes/free-port.js';
import { assertFails } from '../e2e/kit/failure.js';
import { alpineFindings, alpineImage } from '../e2e/kit/images.js';
import { pratique, type Ran } from '../e2e/kit/program.js';
import { findingsOf, reportOf } from '../e2e/kit/report.js';
import { without } from '../e2e/kit/tools.js';
import { workplace } from '../e2e/kit/workplace.js';

const skip = without('podman');
const { at, offline } = workplace();
const storage = ['--root', at('root'), '--runroot', at('run'), '--storage-driver', 'vfs'];
const socket = at('podman.sock');
const parts: ImageParts = alpineImage();
const services: ChildProcess[] = [];
let port: number;

const podman = (...args: string[]): string => execFileSync('podman', [...storage, ...args], { encoding: 'utf8' });

function serve(address: string): void {
  services.push(spawn('podman', [...storage, 'system', 'service', '--time', '0', address], { stdio: 'ignore' }));
}

async function until(done: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(what);
}

before(async () => {
  if (skip) return;
  writeFileSync(at('image.tar'), makeDockerArchive(parts));
  podman('load', '--quiet', '--input', at('image.tar'));
  port = await freePort();
  serve(`unix://${socket}`);
  serve(`tcp:127.0.0.1:${port}`);
  await until(() => existsSync(socket), 'podman does not listen');
  const answers = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/_ping`).then(
      (answer) => answer.ok,
      () => false,
    );
  await until(answers, 'podman does not answer');
});
after(async () => {
  for (const service of services) {
    const ended = new Promise((resolve) => service.once('exit', resolve));
    service.kill('SIGKILL');
    await ended;
  }
  if (!skip) podman('system', 'reset', '--force');
});

const engines: readonly (readonly [string, () => readonly string[]])[] = [
  ['podman', () => ['--image-src', 'podman', '--podman-host', socket]],
  ['docker, by its socket', () => ['--image-src', 'docker', '--docker-host', `unix://${socket}`]],
  ['docker, over the network', () => ['--image-src', 'docker', '--docker-host', `tcp://127.0.0.1:${port}`]],
];
for (const [engine, options] of engines) {
  const scan = (...args: string[]): Promise<Ran> => pratique(['image', ...offline, ...options(), ...args]);

  test(`${engine}: an image by name`, { skip }, async () => {
    const ran = await scan('localhost/made/app:1');
    assert.deepEqual(findingsOf(ran), alpineFindings, ran.stderr);
    const { Metadata, Results = [] } = reportOf(ran);
    const made = makeImage(parts);
    assert.deepEqual(Metadata?.RepoTags, ['localhost/made/app:1']);
    assert.match(Metadata?.RepoDigests?.[0] ?? '', /^localhost\/made\/app@sha256:/);
    assert.equal(Metadata?.ImageID, made.id);
    // Podman calls layers by the digest of their content, as the image does.
    const layers = new Set(Results.flatMap((r) => r.Vulnerabilities ?? []).map((v) => v.Layer?.DiffID));
    assert.deepEqual([...layers].sort(), [...(Metadata?.DiffIDs ?? [])].sort());
  });

  test(`${engine}: by id, without the cache`, { skip }, async () => {
    const [, id = ''] = makeImage(parts).id.split(':');
    assert.deepEqual(findingsOf(await scan('--cache-backend', 'memory', id)), alpineFindings);
  });

  test(`${engine}: an image that it does not have`, { skip }, async () => {
    assertFails(await scan('localhost/made/other:1'), /made\/other/);
  });

  test(`${engine}: one that is larger than it may be`, { skip }, async () => {
    assertFails(await scan('--max-image-size', '1KB', 'localhost/made/app:1'), /is larger than/);
  });
}

test('found without naming the engine', { skip }, async () => {
  const ran = await pratique(['image', ...offline, 'localhost/made/app:1'], {
    env: { DOCKER_HOST: `unix://${socket}` },
  });
  assert.deepEqual(findingsOf(ran), alpineFindings, ran.stderr);
});
