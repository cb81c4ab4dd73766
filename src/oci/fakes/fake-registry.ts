/**
 * A registry on 127.0.0.1 that keeps what a test pushes into it, asks for credentials as told, and breaks on request.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
import { type FakeAnswer, type FakeRequest, fakeServer, type FakeServer } from '#platform/fakes';
import type { Descriptor } from '../descriptor.js';
import { digestOf } from '../digest.js';
import { mediaTypes } from '../media-types.js';

export interface FakeRegistryOptions {
  /** `bearer`: tokens from the registry's own `/token`. */
  readonly auth?: 'none' | 'basic' | 'bearer';
  /** Password by user name. */
  readonly users?: Readonly<Record<string, string>>;
  /** With `bearer`: tokens are given to everybody. */
  readonly open?: boolean;
  /** Refresh tokens that may be exchanged. */
  readonly refreshTokens?: readonly string[];
  /** Blobs are redirected to this origin, where the path is the digest. */
  readonly blobsAt?: string;
  /** Asked first; what it returns is the answer. `count` is how often this path was asked for before. */
  readonly intercept?: (request: FakeRequest, count: number) => FakeAnswer | undefined;
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface FakeImage {
  readonly layers?: readonly Uint8Array[];
  readonly config?: unknown;
  readonly configType?: string;
  readonly layerType?: string;
  /** One per layer. */
  readonly titles?: readonly string[];
  readonly artifactType?: string;
}

export interface FakeRegistry extends FakeServer {
  pushBlob(content: Uint8Array, mediaType?: string): Descriptor;
  /** The document is sent as it is; its digest is returned. */
  pushManifest(repository: string, tag: string, document: unknown, mediaType?: string): Descriptor;
  pushImage(repository: string, tag: string, image?: FakeImage): Descriptor;
  /** Content by digest, to be changed at will. */
  readonly blobs: Map<string, Uint8Array>;
  /** Tokens given out and still good. */
  readonly tokens: Set<string>;
}

const GZIPPED_LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

export async function fakeRegistry(options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const blobs = new Map<string, Uint8Array>();
  const manifests = new Map<string, { bytes: Uint8Array; type: string }>();
  const tokens = new Set<string>();
  const counts = new Map<string, number>();
  const server = await fakeServer((request) => {
    const count = counts.get(request.path) ?? 0;
    counts.set(request.path, count + 1);
    const special = options.intercept?.(request, count);
    if (special) return special;
    if (request.path === '/token') return tokenAnswer(request, options, tokens);
    const denied = denial(request, options, tokens, server.origin);
    return denied ?? content(request, options, blobs, manifests);
  }, options.tls);

  const pushBlob: FakeRegistry['pushBlob'] = (bytes, mediaType = GZIPPED_LAYER) => {
    const digest = digestOf(bytes);
    blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const pushManifest: FakeRegistry['pushManifest'] = (repository, tag, document, type = mediaTypes.ociManifest) => {
    const bytes = document instanceof Uint8Array ? document : Buffer.from(JSON.stringify(document));
    const digest = digestOf(bytes);
    for (const name of [tag, digest]) manifests.set(`${repository} ${name}`, { bytes, type });
    return { mediaType: type, digest, size: bytes.length };
  };
  const pushImage: FakeRegistry['pushImage'] = (repository, tag, image = {}) => {
    const { config = { architecture: 'amd64', os: 'linux' }, titles, artifactType } = image;
    const layers = (image.layers ?? [Buffer.from('layer')]).map((layer, i) => ({
      ...pushBlob(layer, image.layerType),
      ...(titles?.[i] !== undefined && { annotations: { 'org.opencontainers.image.title': titles[i] } }),
    }));
    return pushManifest(repository, tag, {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      ...(artifactType && { artifactType }),
      config: pushBlob(Buffer.from(JSON.stringify(config)), image.configType ?? mediaTypes.ociConfig),
      layers,
    });
  };
  return { ...server, blobs, tokens, pushBlob, pushManifest, pushImage };
}

const error = (status: number, code: string, headers: FakeAnswer['headers'] = {}): FakeAnswer => ({
  status,
  headers,
  body: JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] }),
});

function content(
  request: FakeRequest,
  options: FakeRegistryOptions,
  blobs: ReadonlyMap<string, Uint8Array>,
  manifests: ReadonlyMap<string, { bytes: Uint8Array; type: string }>,
): FakeAnswer {
  if (request.path === '/v2/') return { body: '{}' };
  const [, repository = '', kind, name = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(request.path) ?? [];
  if (kind === 'manifests') {
    const found = manifests.get(`${repository} ${name}`);
    return found ? { headers: { 'content-type': found.type }, body: found.bytes } : error(404, 'MANIFEST_UNKNOWN');
  }
  const blob = blobs.get(name);
  if (!blob) return error(404, 'BLOB_UNKNOWN');
  if (options.blobsAt) return { status: 307, headers: { location: `${options.blobsAt}/${name}` } };
  return blobAnswer(request, blob);
}

/** A blob, or the part of it that the request's `Range` wants. */
export function blobAnswer(request: FakeRequest, blob: Uint8Array): FakeAnswer {
  const start = /^bytes=(\d+)-$/.exec(String(request.headers['range'] ?? ''))?.[1];
  if (start === undefined) return { body: blob };
  const range = `bytes ${start}-${blob.length - 1}/${blob.length}`;
  return { status: 206, headers: { 'content-range': range }, body: blob.subarray(Number(start)) };
}

function denial(
  request: FakeRequest,
  options: FakeRegistryOptions,
  tokens: ReadonlySet<string>,
  origin: string,
): FakeAnswer | undefined {
  const { auth = 'none', users = {} } = options;
  if (auth === 'none') return undefined;
  const [scheme, value = ''] = String(request.headers['authorization'] ?? '').split(' ');
  if (auth === 'basic') {
    if (scheme === 'Basic' && isUser(value, users)) return undefined;
    return error(401, 'UNAUTHORIZED', { 'www-authenticate': 'Basic realm="fake"' });
  }
  if (scheme === 'Bearer' && tokens.has(value)) return undefined;
  return error(401, 'UNAUTHORIZED', { 'www-authenticate': `Bearer realm="${origin}/token",service="fake"` });
}

function tokenAnswer(request: FakeRequest, options: FakeRegistryOptions, tokens: Set<string>): FakeAnswer {
  const { users = {}, open = false, refreshTokens = [] } = options;
  const [scheme, value = ''] = String(request.headers['authorization'] ?? '').split(' ');
  const form = new URLSearchParams(request.body);
  const exchanged = request.method === 'POST' && refreshTokens.includes(form.get('refresh_token') ?? '');
  if (!exchanged && !(scheme === 'Basic' ? isUser(value, users) : open && request.method === 'GET')) {
    return error(401, 'UNAUTHORIZED');
  }
  const token = `token-${tokens.size + 1}`;
  tokens.add(token);
  const scopes = exchanged ? form.get('scope') : request.query.getAll('scope').join(' ');
  return { body: JSON.stringify({ [exchanged ? 'access_token' : 'token']: token, expires_in: 300, scopes }) };
}

function isUser(encoded: string, users: Readonly<Record<string, string>>): boolean {
  const [user = '', password] = Buffer.from(encoded, 'base64').toString().split(':');
  return Object.hasOwn(users, user) && users[user] === password;
}
