/** Against the distribution project's own registry and skopeo, where they are installed. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { runProgram, tempDirectory } from '#platform';
import { fakeWorld } from '#platform/fakes';
import { digestOf } from '../digest.js';
import { blobPath } from '../layout.js';
import { mediaTypes } from '../media-types.js';
import { parseReference } from '../reference.js';
import { createRegistryClient } from './client.js';

const registry = '/usr/bin/docker-registry';
const skopeo = '/usr/bin/skopeo';
const skip = existsSync(registry) && existsSync(skopeo) ? false : 'docker-registry and skopeo are not installed';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** An OCI layout with one image of one layer. */
function writeLayout(root: string, layer: Uint8Array): void {
  mkdirSync(join(root, 'blobs/sha256'), { recursive: true });
  const put = (content: Uint8Array | string): { digest: string; size: number } => {
    const bytes = Buffer.from(content);
    writeFileSync(join(root, blobPath(digestOf(bytes))), bytes);
    return { digest: digestOf(bytes), size: bytes.length };
  };
  const config = {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [digestOf(Buffer.alloc(1024))] },
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: { mediaType: mediaTypes.ociConfig, ...put(JSON.stringify(config)) },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...put(layer) }],
  };
  const entry = { mediaType: mediaTypes.ociManifest, ...put(JSON.stringify(manifest)) };
  writeFileSync(join(root, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
  writeFileSync(join(root, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

test('an image pushed by skopeo is pulled', { skip }, async () => {
  const directory = await tempDirectory();
  const port = await freePort();
  const config = join(directory.path, 'config.yml');
  writeFileSync(
    config,
    `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${directory.path}/store}}\nhttp: {addr: "127.0.0.1:${port}"}\n`,
  );
  const server = spawn(registry, ['serve', config], { stdio: 'ignore' });
  const world = fakeWorld();
  const client = createRegistryClient({}, world);
  try {
    const layer = gzipSync(Buffer.alloc(1024));
    writeLayout(join(directory.path, 'layout'), layer);
    for (let tries = 0; tries < 50; tries++) {
      if (await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => undefined)) break;
      await new Promise((done) => setTimeout(done, 50));
    }
    const to = `docker://127.0.0.1:${port}/team/app:1`;
    const args = ['--insecure-policy', 'copy', '--dest-tls-verify=false', `oci:${directory.path}/layout`, to];
    const pushed = await runProgram(skopeo, args, { timeout: 10_000 });
    assert.equal(pushed.exitCode, 0, pushed.stderr);

    const ref = parseReference(`127.0.0.1:${port}/team/app:1`);
    const { manifest } = await client.image(ref);
    const bytes = await client.blobBytes(ref, manifest.layers[0]!, 10_000);
    assert.ok(Buffer.from(bytes).equals(layer));
    await assert.rejects(client.image(parseReference(`127.0.0.1:${port}/team/app:2`)), {
      code: 'registry/not-found',
      message: /404: MANIFEST_UNKNOWN/,
    });
  } finally {
    await client.close();
    server.kill('SIGKILL');
    await directory.remove();
  }
});
