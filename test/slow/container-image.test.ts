/** The container image as it is published: built by buildah from deploy/Containerfile, run, and scanned with ourselves. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const binary = join(root, 'dist/bin/pratique');
const scratch = mkdtempSync(join(tmpdir(), 'container-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const missing = !existsSync(binary)
  ? 'dist/bin/pratique is missing: npm run build:binary'
  : spawnSync('buildah', ['--version']).status !== 0
    ? 'buildah is not installed'
    : false;

test('the image builds, runs as nobody, and is clean of what we can know', { skip: missing }, () => {
  const storage = ['--root', join(scratch, 'storage'), '--runroot', join(scratch, 'run'), '--storage-driver', 'vfs'];
  const buildah = (...args: string[]): string =>
    execFileSync('buildah', [...storage, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  execFileSync(process.execPath, [join(root, 'scripts/image-root.mjs')]);
  const image = join(root, 'dist/image');
  assert.equal(readlinkSync(join(image, 'usr/local/bin/trivy')), 'pratique');
  assert.ok(statSync(join(image, 'etc/ssl/certs/ca-certificates.crt')).size > 10_000);
  buildah('bud', '--isolation', 'chroot', '-t', 'pratique', '-f', join(root, 'deploy/Containerfile'), image);
  buildah('push', 'pratique', `oci:${scratch}/layout:latest`);

  const container = buildah('from', 'pratique').trim();
  // The link, as a pipeline would call it; no shell and nothing else is in the image.
  const version = buildah('run', '--isolation', 'chroot', container, '--', '/usr/local/bin/trivy', 'version');
  assert.match(version, /^Version: \d+\.\d+\.\d+/);

  const output = join(scratch, 'report.json');
  execFileSync(binary, [
    'image',
    '--offline-default',
    '--quiet',
    '--cache-dir',
    join(scratch, 'cache'),
    '--format',
    'json',
    '--output',
    output,
    '--input',
    join(scratch, 'layout'),
  ]);
  const report = JSON.parse(readFileSync(output, 'utf8')) as {
    Metadata: { ImageConfig: { config: { User: string; Entrypoint: string[] } } };
    Results?: { Vulnerabilities?: unknown[]; Secrets?: unknown[] }[];
  };
  assert.equal(report.Metadata.ImageConfig.config.User, '65532:65532');
  assert.deepEqual(report.Metadata.ImageConfig.config.Entrypoint, ['/usr/local/bin/pratique']);
  for (const result of report.Results ?? []) {
    assert.deepEqual(result.Secrets ?? [], []);
    assert.deepEqual(result.Vulnerabilities ?? [], []);
  }
});
