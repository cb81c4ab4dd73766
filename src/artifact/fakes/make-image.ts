/**
 * Writes small images in memory, as archives of `docker save` and as OCI layouts: for tests and examples.
 * Formats: see `docker-archive.ts` and `oci-layout.ts`.
 */
import { gzipSync } from 'node:zlib';
import { makeTar, type TarItem } from '#formats/fakes';
import { digestOf, mediaTypes } from '#oci';

export interface ImageParts {
  /** Content of each layer, lowest first. */
  readonly layers: readonly (readonly TarItem[])[];
  readonly repoTags?: readonly string[];
  /** Merged into the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Compresses each layer. */
  readonly gzip?: boolean;
}

export interface MadeImage {
  readonly id: string;
  readonly diffIds: readonly string[];
  readonly config: Buffer;
  /** As stored: compressed when asked for. */
  readonly blobs: readonly Buffer[];
}

export function makeImage({ layers, config, gzip }: ImageParts): MadeImage {
  const tars = layers.map((items) => makeTar(items));
  const diffIds = tars.map((tar) => digestOf(tar));
  const bytes = Buffer.from(
    JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: diffIds }, ...config }),
  );
  return { id: digestOf(bytes), diffIds, config: bytes, blobs: gzip ? tars.map((tar) => gzipSync(tar)) : tars };
}

/** An archive as `docker save` writes it. */
export function makeDockerArchive(...images: readonly ImageParts[]): Buffer {
  const items = new Map<string, TarItem>();
  const manifest = images.map((parts) => {
    const { id, config, blobs, diffIds } = makeImage(parts);
    const Config = `${hexOf(id)}.json`;
    items.set(Config, { name: Config, content: config });
    const Layers = diffIds.map((diffId, i) => {
      const name = `${hexOf(diffId)}/layer.tar`;
      items.set(name, { name, content: blobs[i]! });
      return name;
    });
    return { Config, RepoTags: parts.repoTags ?? null, Layers };
  });
  return makeTar([...items.values(), { name: 'manifest.json', content: JSON.stringify(manifest) }]);
}

/** The files of an OCI layout by name; the image is known by `tag`, when given. */
export function makeOciLayout(parts: ImageParts, tag?: string): Map<string, Buffer> {
  const { config, blobs } = makeImage(parts);
  const files = new Map<string, Buffer>();
  const keep = (bytes: Buffer, mediaType: string): { mediaType: string; digest: string; size: number } => {
    const digest = digestOf(bytes);
    files.set(`blobs/${digest.replace(':', '/')}`, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const layerType = `application/vnd.oci.image.layer.v1.tar${parts.gzip ? '+gzip' : ''}`;
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: keep(config, mediaTypes.ociConfig),
    layers: blobs.map((blob) => keep(blob, layerType)),
  };
  const annotations = tag === undefined ? undefined : { 'org.opencontainers.image.ref.name': tag };
  const entry = { ...keep(Buffer.from(JSON.stringify(manifest)), mediaTypes.ociManifest), annotations };
  files.set('oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
  files.set('index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [entry] })));
  return files;
}

const hexOf = (digest: string): string => digest.slice(digest.indexOf(':') + 1);
