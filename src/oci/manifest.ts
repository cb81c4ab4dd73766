/**
 * Image manifests and indexes: JSON as a registry or layout serves it, checked and reduced to what is used.
 * Limits  8 MiB, 10,000 layers or entries. Sizes in bytes.
 * Errors  `registry/unsupported-media-type` for anything but an image manifest or index, `registry/bad-manifest`
 *         for one that breaks its specification.
 * Source  https://github.com/opencontainers/image-spec/blob/main/manifest.md and image-index.md;
 *         https://distribution.github.io/distribution/spec/manifest-v2-2/
 */
import { compact, limits, PratiqueError } from '#base';
import type { Descriptor, Platform } from './descriptor.js';
import { parseDigest } from './digest.js';
import { isIndexType, isManifestType, mediaTypes } from './media-types.js';

export interface Manifest {
  readonly kind: 'manifest';
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ImageIndex {
  readonly kind: 'index';
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

const MAX_DESCRIPTORS = 10_000;

/** `declared` is the media type that came with the bytes; `name` is for errors. */
export function parseManifest(bytes: Uint8Array, declared: string | undefined, name: string): Manifest | ImageIndex {
  const fail = (reason: string): PratiqueError => new PratiqueError('registry/bad-manifest', { name, reason });
  if (bytes.length > limits.manifest) throw fail(`larger than ${limits.manifest} bytes`);
  const document = parseObject(bytes, fail);
  const mediaType = typeOf(document, declared, name);
  const annotations = annotationsOf(document['annotations']);
  const rest = compact({ annotations, artifactType: text(document['artifactType']) || undefined });
  if (isIndexType(mediaType)) {
    return { kind: 'index', mediaType, manifests: list(document['manifests'], 'manifests', fail), ...rest };
  }
  const config = descriptorOf(document['config'], 'config', fail);
  return { kind: 'manifest', mediaType, config, layers: list(document['layers'], 'layers', fail), ...rest };
}

type Fields = Readonly<Record<string, unknown>>;
type Fail = (reason: string) => PratiqueError;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function parseObject(bytes: Uint8Array, fail: Fail): Fields {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw fail('not JSON');
  }
  if (!isObject(value)) throw fail('not a JSON object');
  return value;
}

/** Servers that keep files as they are serve manifests under general types; then the document itself tells. */
function typeOf(document: Fields, declared: string | undefined, name: string): string {
  const given = declared?.split(';', 1)[0]!.trim().toLowerCase();
  const own = text(document['mediaType']);
  for (const type of [given, own]) if (type && (isIndexType(type) || isManifestType(type))) return type;
  const general = given === undefined || /^(application\/(json|octet-stream)|text\/plain|)$/.test(given);
  if (general && own === undefined && document['schemaVersion'] === 2) {
    if (Array.isArray(document['manifests'])) return mediaTypes.ociIndex;
    if (isObject(document['config'])) return mediaTypes.ociManifest;
  }
  const type = own ?? given ?? 'unknown';
  const old = document['schemaVersion'] === 1 || type.startsWith('application/vnd.docker.distribution.manifest.v1');
  throw new PratiqueError('registry/unsupported-media-type', {
    name,
    type: old ? 'a Docker schema 1 manifest, which registries no longer accept' : type.slice(0, 200),
  });
}

function list(value: unknown, what: string, fail: Fail): Descriptor[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw fail(`${what} is not a list`);
  if (value.length > MAX_DESCRIPTORS) throw fail(`more than ${MAX_DESCRIPTORS} ${what}`);
  return value.map((entry, i) => descriptorOf(entry, `${what}[${i}]`, fail));
}

function descriptorOf(value: unknown, where: string, fail: Fail): Descriptor {
  if (!isObject(value)) throw fail(`${where} is missing`);
  const digest = text(value['digest']) ?? '';
  const size = value['size'];
  if (!parseDigest(digest)) throw fail(`${where} has no valid digest`);
  if (!Number.isSafeInteger(size) || (size as number) < 0) throw fail(`${where} has no valid size`);
  return {
    mediaType: text(value['mediaType']) ?? '',
    digest,
    size: size as number,
    ...compact({
      artifactType: text(value['artifactType']) || undefined,
      annotations: annotationsOf(value['annotations']),
      platform: platformOf(value['platform']),
    }),
  };
}

/** Without a prototype: keys come from strangers. */
function annotationsOf(value: unknown): Record<string, string> | undefined {
  if (!isObject(value)) return undefined;
  const out = Object.create(null) as Record<string, string>;
  for (const [key, one] of Object.entries(value)) if (typeof one === 'string') out[key] = one;
  return out;
}

function platformOf(value: unknown): Platform | undefined {
  if (!isObject(value)) return undefined;
  const os = text(value['os']);
  const architecture = text(value['architecture']);
  if (!os || !architecture) return undefined;
  const variant = text(value['variant']) || undefined;
  return { os, architecture, ...compact({ variant, osVersion: text(value['os.version']) || undefined }) };
}
