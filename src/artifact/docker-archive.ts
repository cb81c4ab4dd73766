/**
 * Images in the format of `docker save`: `manifest.json` names a configuration and layers for each image in the archive.
 * Layers may be plain or compressed, shared by name or by link.
 * Errors  `image/ambiguous`, `image/no-such-reference`, `image/missing-layer`, `image/bad-config`.
 * Source  https://github.com/moby/moby/blob/master/image/spec/v1.2.md#combined-image-json--filesystem-changeset-format
 */
import { createHash, limits, PratiqueError } from '#base';
import { listOf, textOf, textsOf } from '#formats';
import type { Image, LayerSource } from '#model';
import { digestOf } from '#oci';
import type { RandomAccess } from '#platform';
import { chooseReference } from './choose-reference.js';
import { compressionOf, MAGIC_BYTES } from './decompress.js';
import { parseImageConfig } from './image-config.js';
import { type LayerContext, type LayerFacts, storedLayer } from './layer-source.js';
import type { StoredFiles } from './stored-files.js';

export const DOCKER_MANIFEST = 'manifest.json';

interface SavedImage {
  readonly config: string;
  readonly repoTags: readonly string[];
  readonly layers: readonly string[];
}

/** `reference` chooses among several images: a name with tag, or a tag alone. Takes over `files` and `context`. */
export function openDockerArchive(
  files: StoredFiles,
  name: string,
  reference: string | undefined,
  context: LayerContext,
): Image {
  const saved = choose(savedImages(files), files.path, reference);
  const configFile = files.open(saved.config);
  if (!configFile) throw new PratiqueError('image/missing-blob', { path: files.path, digest: saved.config });
  const bytes = readWhole(configFile, saved.config);
  const { config, diffIds, createdBy } = parseImageConfig(bytes, files.path, saved.layers.length);
  const layers = saved.layers.map((layer, i) => {
    const tar = files.open(layer);
    if (!tar) throw new PratiqueError('image/missing-layer', { path: files.path, layer });
    return savedLayer(tar, { diffId: diffIds[i], digest: undefined, createdBy: createdBy[i] }, context);
  });
  const chosen = chooseReference(name, saved.repoTags, []);
  return {
    name,
    id: digestOf(bytes),
    config,
    layers,
    repoTags: saved.repoTags,
    repoDigests: [],
    ...(chosen !== undefined && { reference: chosen }),
    async close() {
      files.close();
      context.close();
    },
  };
}

/** Compressed layers have a digest of their own, which nothing in the archive tells: it is made when asked for. */
function savedLayer(tar: RandomAccess, facts: LayerFacts, context: LayerContext): LayerSource {
  const layer = storedLayer(tar, facts, context);
  if (compressionOf(tar.read(0, MAGIC_BYTES), 'layer') === 'none') return layer;
  let digest: string | undefined;
  return {
    ...layer,
    ...(tar.identity !== undefined && { contentKey: tar.identity }),
    get digest() {
      return (digest ??= digestOfFile(tar));
    },
  };
}

function digestOfFile(file: RandomAccess): string {
  const hash = createHash('sha256');
  for (let at = 0; at < file.size; at += PIECE) hash.update(file.read(at, PIECE));
  return `sha256:${hash.digest('hex')}`;
}

const PIECE = 1024 * 1024;

function savedImages(files: StoredFiles): SavedImage[] {
  const { path } = files;
  const file = files.open(DOCKER_MANIFEST);
  if (!file) throw new PratiqueError('image/no-manifest', { path, reason: `it holds no ${DOCKER_MANIFEST}` });
  const fail = (reason: string, cause?: unknown): PratiqueError =>
    new PratiqueError('artifact/corrupt', { what: `${path}: ${DOCKER_MANIFEST}`, reason }, cause);
  let manifest: unknown;
  try {
    manifest = JSON.parse(new TextDecoder().decode(readWhole(file, DOCKER_MANIFEST)));
  } catch (error) {
    throw error instanceof PratiqueError ? error : fail('not JSON', error);
  }
  if (!Array.isArray(manifest) || manifest.length === 0) throw fail('it lists no image');
  return manifest.map((entry) => {
    const config = textOf(entry, 'Config');
    const layers = textsOf(entry, 'Layers');
    if (config === undefined || layers.length !== listOf(entry, 'Layers').length)
      throw fail('an image has no configuration');
    return { config, repoTags: textsOf(entry, 'RepoTags'), layers };
  });
}

function choose(images: readonly SavedImage[], path: string, reference: string | undefined): SavedImage {
  const names = images.flatMap((image) => image.repoTags);
  const available = names.length > 0 ? names.slice(0, 10).join(', ') : 'images without names';
  if (reference === undefined) {
    if (images.length > 1) {
      throw new PratiqueError('image/ambiguous', {
        path,
        count: images.length,
        available: `${path}:NAME, of ${available}`,
      });
    }
    return images[0]!;
  }
  const is = (tag: string): boolean =>
    tag === reference || tag.endsWith(`:${reference}`) || tag.endsWith(`/${reference}`);
  const found = images.find((image) => image.repoTags.some(is));
  if (!found) throw new PratiqueError('image/no-such-reference', { path, reference, available });
  return found;
}

function readWhole(file: RandomAccess, what: string): Uint8Array {
  if (file.size > limits.manifest)
    throw new PratiqueError('limit/exceeded', { what, limit: `${limits.manifest} bytes` });
  return file.read(0, file.size);
}
