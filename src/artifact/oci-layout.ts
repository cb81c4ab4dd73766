/**
 * Images in an OCI image layout, a directory or a tar of it. Everything read is checked against its digest: what the
 * index names by digest cannot have been changed since.
 * Errors  `layout/invalid`, `image/missing-blob`, `image/digest-mismatch`, `image/not-an-image`, `image/bad-config`.
 * Source  https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
import { limits, PratiqueError } from '#base';
import type { Image, LayerSource } from '#model';
import {
  blobPath,
  type Descriptor,
  digestOf,
  type ImageIndex,
  isImageConfigType,
  type Manifest,
  mediaTypes,
  parseDigest,
  parseManifest,
  parsePlatform,
  selectFromLayout,
  selectPlatform,
} from '#oci';
import type { RandomAccess } from '#platform';
import { parseImageConfig } from './image-config.js';
import { chunksOf, type LayerContext, streamedLayer, verified } from './layer-source.js';
import type { StoredFiles } from './stored-files.js';

export const LAYOUT_INDEX = 'index.json';

export interface LayoutChoice {
  readonly tag?: string;
  readonly digest?: string;
  /** Chooses among the images of a nested index; its first one otherwise. */
  readonly platform?: string | undefined;
}

/** Takes over `files` and `context`. */
export function openOciLayout(files: StoredFiles, name: string, choice: LayoutChoice, context: LayerContext): Image {
  const { path } = files;
  const file = files.open(LAYOUT_INDEX);
  if (!file) throw new PratiqueError('image/no-manifest', { path, reason: `it holds no ${LAYOUT_INDEX}` });
  const index = parseManifest(readWhole(file, `${path}/${LAYOUT_INDEX}`), mediaTypes.ociIndex, path);
  const manifest = manifestOf(files, selectFromLayout(index as ImageIndex, choice, path), choice);
  assertImage(manifest, path);
  const bytes = blob(files, manifest.config);
  const { config, diffIds, createdBy } = parseImageConfig(bytes, path, manifest.layers.length);
  return {
    name,
    id: manifest.config.digest,
    config,
    layers: manifest.layers.map((descriptor, i) => layer(files, descriptor, diffIds[i], createdBy[i], context)),
    repoTags: [],
    repoDigests: [],
    async close() {
      files.close();
      context.close();
    },
  };
}

/** Throws `image/not-an-image` for other things kept as manifests: charts, signatures, attestations. */
export function assertImage(manifest: Manifest, image: string): void {
  const { artifactType, config } = manifest;
  if (isImageConfigType(config.mediaType)) return;
  if (artifactType === undefined && config.mediaType !== mediaTypes.ociEmpty) return;
  throw new PratiqueError('image/not-an-image', { image, kind: artifactType ?? config.mediaType });
}

function manifestOf(files: StoredFiles, selected: Descriptor, choice: LayoutChoice): Manifest {
  let descriptor = selected;
  for (let depth = 0; depth < limits.nesting; depth++) {
    const parsed = parseManifest(blob(files, descriptor), descriptor.mediaType, descriptor.digest);
    if (parsed.kind === 'manifest') return parsed;
    descriptor = childOf(parsed, choice.platform, files.path);
  }
  throw new PratiqueError('layout/invalid', { path: files.path, reason: 'its indexes are nested too deep' });
}

function childOf(index: ImageIndex, platform: string | undefined, path: string): Descriptor {
  if (platform !== undefined) return selectPlatform(index, parsePlatform(platform), path);
  // Attestations lie beside images under an unknown platform.
  const child = index.manifests.find((entry) => entry.platform?.os !== 'unknown') ?? index.manifests[0];
  if (!child) throw new PratiqueError('layout/invalid', { path, reason: 'an index in it is empty' });
  return child;
}

function layer(
  files: StoredFiles,
  descriptor: Descriptor,
  diffId: string | undefined,
  createdBy: string | undefined,
  context: LayerContext,
): LayerSource {
  const { digest, mediaType, size: storedSize } = descriptor;
  if (mediaType.endsWith('+encrypted')) {
    throw new PratiqueError('artifact/compression', { what: `layer ${digest}`, method: 'a key (it is encrypted)' });
  }
  const content = openBlob(files, descriptor);
  return streamedLayer(() => verified(chunksOf(content), digest), { diffId, digest, createdBy, storedSize }, context);
}

function openBlob(files: StoredFiles, { digest, size }: Descriptor): RandomAccess {
  const file = files.open(blobPath(digest));
  if (!file) throw new PratiqueError('image/missing-blob', { path: files.path, digest });
  if (file.size !== size) {
    const reason = `${file.size} bytes where the manifest tells ${size}`;
    throw new PratiqueError('artifact/corrupt', { what: `${files.path}: blob ${digest}`, reason });
  }
  return file;
}

function blob(files: StoredFiles, descriptor: Descriptor): Uint8Array {
  const what = `${files.path}: blob ${descriptor.digest}`;
  const bytes = readWhole(openBlob(files, descriptor), what);
  const actual = digestOf(bytes, parseDigest(descriptor.digest)!.algorithm);
  if (actual !== descriptor.digest) throw new PratiqueError('image/digest-mismatch', { what, actual });
  return bytes;
}

function readWhole(file: RandomAccess, what: string): Uint8Array {
  if (file.size > limits.manifest)
    throw new PratiqueError('limit/exceeded', { what, limit: `${limits.manifest} bytes` });
  return file.read(0, file.size);
}
