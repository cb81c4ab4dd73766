/**
 * The distribution project's own registry (Debian's `docker-registry`) on 127.0.0.1, for as long as a test takes.
 * What is pushed goes the way of every client: blob upload, then manifest.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Descriptor, digestOf, mediaTypes } from '#oci';
import { tempDirectory } from '#platform';
import { freePort } from './free-port.js';

export interface RealRegistry {
  /** `127.0.0.1:port` */
  readonly host: string;
  pushBlob(repository: string, content: Uint8Array, mediaType: string): Promise<Descriptor>;
  /** A blob from a file whose digest and size are known. */
  pushFile(repository: string, path: string, descriptor: Descriptor): Promise<Descriptor>;
  pushManifest(repository: string, tag: string, document: unknown, mediaType?: string): Promise<Descriptor>;
  stop(): Promise<void>;
}

export interface RealRegistryOptions {
  /** Path of a file of `htpasswd -B`; every request must carry one of its users. */
  readonly htpasswd?: string;
  /** The same, for what the test pushes itself: `user:password`. */
  readonly user?: string;
}

/** Why there is none here, for `test`'s `skip`; `false` when there is. */
export const noRegistry: string | false =
  spawnSync('docker-registry', ['--version'], { stdio: 'ignore' }).status === 0
    ? false
    : 'docker-registry is not installed';

export async function realRegistry(options: RealRegistryOptions = {}): Promise<RealRegistry> {
  const folder = await tempDirectory();
  const host = `127.0.0.1:${await freePort()}`;
  const auth = options.htpasswd ? `auth: {htpasswd: {realm: test, path: "${options.htpasswd}"}}\n` : '';
  const config = join(folder.path, 'config.yml');
  writeFileSync(
    config,
    `version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: "${folder.path}/store"}}\nhttp: {addr: "${host}"}\n${auth}`,
  );
  const server = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const kill = (): boolean => server.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const request = requester(`http://${host}`, options.user);
  await answering(request);
  return {
    host,
    async pushBlob(repository, content, mediaType) {
      const descriptor = { mediaType, digest: digestOf(content), size: content.length };
      await upload(request, repository, descriptor, content);
      return descriptor;
    },
    async pushFile(repository, path, descriptor) {
      await upload(
        request,
        repository,
        descriptor,
        Readable.toWeb(createReadStream(path)) as unknown as ReadableStream,
      );
      return descriptor;
    },
    async pushManifest(repository, tag, document, mediaType = mediaTypes.ociManifest) {
      const bytes = Buffer.from(JSON.stringify(document));
      const answer = await request('PUT', `/v2/${repository}/manifests/${tag}`, bytes, { 'content-type': mediaType });
      assert.equal(answer.status, 201, await answer.text());
      return { mediaType, digest: digestOf(bytes), size: bytes.length };
    },
    async stop() {
      process.removeListener('exit', kill);
      kill();
      await ended;
      await folder.remove();
    },
  };
}

type Requester = (
  method: string,
  path: string,
  body?: Uint8Array | ReadableStream,
  headers?: Readonly<Record<string, string>>,
) => Promise<Response>;

function requester(origin: string, user: string | undefined): Requester {
  const authorization = user && { authorization: `Basic ${Buffer.from(user).toString('base64')}` };
  return (method, path, body, headers) =>
    fetch(new URL(path, origin), {
      method,
      headers: { ...headers, ...authorization },
      ...(body && { body: body as NonNullable<RequestInit['body']>, duplex: 'half' as const }),
    });
}

async function answering(request: Requester): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await request('GET', '/v2/').catch(() => undefined)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail('docker-registry does not answer');
}

async function upload(
  request: Requester,
  repository: string,
  { digest, size }: Descriptor,
  content: Uint8Array | ReadableStream,
): Promise<void> {
  const begun = await request('POST', `/v2/${repository}/blobs/uploads/`);
  assert.equal(begun.status, 202, await begun.text());
  const place = new URL(begun.headers.get('location')!, begun.url);
  place.searchParams.set('digest', digest);
  const done = await request('PUT', place.href, content, {
    'content-type': 'application/octet-stream',
    'content-length': String(size),
  });
  assert.equal(done.status, 201, await done.text());
}
