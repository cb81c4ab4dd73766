/**
 * Pulls manifests and blobs from registries.
 * Limits  manifests 8 MiB, indexes in indexes three deep; blobs by their descriptor.
 * Errors  `PratiqueError` with a `registry/…` code; no message holds a secret.
 * Source  https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
import { compact, LimitError, limits, PratiqueError } from '#base';
import { createHttpClient, type World } from '#platform';
import type { Descriptor } from '../descriptor.js';
import { digestOf, parseDigest } from '../digest.js';
import { type ImageIndex, type Manifest, parseManifest } from '../manifest.js';
import { acceptedManifests } from '../media-types.js';
import { defaultPlatform, parsePlatform, selectPlatform } from '../platform.js';
import type { Reference } from '../reference.js';
import { createAccess } from './access.js';
import { streamBlob } from './blob-stream.js';
import { createCredentialChain } from './credential-chain.js';
import type { RegistryOptions } from './options.js';
import { type Artifact, pushArtifact } from './push-artifact.js';
import type { ProbeTools } from './probe.js';
import { fetchReferrers } from './referrers.js';
import { networkProblem } from './registry-error.js';
import { mayPass, resumeDelay } from './retry.js';
import type { Session } from './session.js';

/** A manifest or index as the registry sent it. */
export interface Fetched<T = Manifest | ImageIndex> {
  readonly document: T;
  readonly bytes: Uint8Array;
  readonly digest: string;
}

export interface FetchedImage {
  readonly manifest: Manifest;
  /** Of what the reference named: the index where there is one. */
  readonly digest: string;
  /** The same with type and size. */
  readonly descriptor: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
  readonly manifestDigest: string;
  readonly index?: ImageIndex;
}

export interface RegistryClient {
  /** What the reference names, as it is. */
  resolve(reference: Reference, signal?: AbortSignal): Promise<Fetched>;
  /** The image manifest; of an index, that of one platform (`linux/amd64` unless said otherwise). */
  image(reference: Reference, platform?: string, signal?: AbortSignal): Promise<FetchedImage>;
  /** Verified while it streams, resumed and retried. The verdict comes after the last chunk. */
  blob(reference: Reference, descriptor: Descriptor, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** The whole blob, verified; `LimitError` for one larger than `limit` bytes. */
  blobBytes(reference: Reference, descriptor: Descriptor, limit: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** What names `digest` (of a manifest or index in the reference's repository) as its subject. */
  referrers(reference: Reference, digest: string, signal?: AbortSignal): Promise<readonly Descriptor[]>;
  /** Puts an artifact into the reference's repository; resolves with the digest of its manifest. Never to a mirror. */
  push(reference: Reference, artifact: Artifact, signal?: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

const MAX_INDEX_DEPTH = 3;

export function createRegistryClient(options: RegistryOptions, world: World): RegistryClient {
  const insecure = options.insecure === true;
  const { caFile, connectTimeout, idleTimeout, userAgent } = options;
  const http = createHttpClient({ insecure, ...compact({ caFile, connectTimeout, idleTimeout, userAgent }) }, world);
  const { attempts = 4, connectAttempts = 2 } = options;
  const tools: ProbeTools = {
    http,
    world,
    insecure,
    policy: { attempts, connectAttempts, longestRetryAfter: 30_000 },
  };
  const chain = createCredentialChain(options, world);
  const access = createAccess(chain, options.mirrors, tools);
  const direct = createAccess(chain, {}, tools);

  async function image(reference: Reference, platform: string | undefined, signal: AbortSignal): Promise<FetchedImage> {
    const wanted = platform ? parsePlatform(platform) : defaultPlatform;
    return access.open(reference, signal, async (session, at) => {
      const { identifier, name } = at;
      const root = await fetchManifest(session, identifier, world, signal);
      let current = root;
      for (let depth = 0; current.document.kind === 'index'; depth++) {
        if (depth >= MAX_INDEX_DEPTH) throw badManifest(name, 'indexes are nested too deep');
        const entry = selectPlatform(current.document, wanted, name);
        current = await fetchManifest(session, entry.digest, world, signal);
      }
      const index = root.document.kind === 'index' ? root.document : undefined;
      const descriptor = { mediaType: root.document.mediaType, digest: root.digest, size: root.bytes.length };
      return {
        manifest: current.document,
        digest: root.digest,
        descriptor,
        manifestDigest: current.digest,
        ...compact({ index }),
      };
    });
  }

  async function* blob(reference: Reference, descriptor: Descriptor, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { digest } = descriptor;
    const open = (offset: number) =>
      access.open(reference, signal, async (session, { registry, repository }) => {
        const range: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
        const response = await session.send(`blobs/${digest}`, range, signal);
        if (response.status === 200 || response.status === 206) return response;
        throw await session.refused(response, `${registry}/${repository}@${digest}`);
      });
    const name = `${reference.registry}/${reference.repository}@${digest}`;
    try {
      yield* streamBlob({ descriptor, name, open, world, signal });
    } catch (error) {
      throw networkProblem(error, reference.registry);
    }
  }

  return {
    resolve: (reference, signal = world.signal) =>
      explained(reference, () =>
        access.open(reference, signal, (session, at) => fetchManifest(session, at.identifier, world, signal)),
      ),
    image: (reference, platform, signal = world.signal) =>
      explained(reference, () => image(reference, platform, signal)),
    blob: (reference, descriptor, signal = world.signal) => blob(reference, descriptor, signal),
    async blobBytes(reference, descriptor, limit, signal = world.signal) {
      if (descriptor.size > limit) throw new LimitError(`${reference.name}: blob ${descriptor.digest}`, limit);
      const chunks: Uint8Array[] = [];
      for await (const chunk of blob(reference, descriptor, signal)) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    referrers: (reference, digest, signal = world.signal) =>
      explained(reference, () => access.open(reference, signal, (session) => fetchReferrers(session, digest, signal))),
    push: (reference, artifact, signal = world.signal) =>
      explained(reference, () => direct.open(reference, signal, (session) => pushArtifact(session, artifact, signal))),
    async close() {
      http.close();
    },
  };
}

const badManifest = (name: string, reason: string): PratiqueError =>
  new PratiqueError('registry/bad-manifest', { name, reason });

async function explained<T>(reference: Reference, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw networkProblem(error, reference.registry);
  }
}

async function fetchManifest(
  session: Session,
  identifier: string,
  world: World,
  signal: AbortSignal,
): Promise<Fetched> {
  const { registry, repository } = session.reference;
  const digest = parseDigest(identifier);
  const name = `${registry}/${repository}${digest ? '@' : ':'}${identifier}`;
  const { bytes, type } = await manifestBytes(session, identifier, name, world, signal);
  const actual = digestOf(bytes, digest?.algorithm);
  if (digest && actual !== identifier) {
    throw new PratiqueError('registry/bad-digest', { name, digest: identifier, reason: `it has ${actual}` });
  }
  return { document: parseManifest(bytes, type, name), bytes, digest: actual };
}

async function manifestBytes(
  session: Session,
  identifier: string,
  name: string,
  world: World,
  signal: AbortSignal,
): Promise<{ bytes: Uint8Array; type: string | undefined }> {
  for (let cuts = 0; ; cuts++) {
    const response = await session.send(`manifests/${identifier}`, { accept: acceptedManifests }, signal);
    if (response.status !== 200) throw await session.refused(response, name);
    try {
      return { bytes: await response.bytes(limits.manifest), type: response.header('content-type') };
    } catch (error) {
      if (error instanceof LimitError) throw badManifest(name, `larger than ${limits.manifest} bytes`);
      if (!mayPass(error) || cuts >= 2) throw error;
      await world.clock.sleep(resumeDelay(cuts), signal);
    }
  }
}
