import { type ImageParts, makeImage } from '#artifact/fakes';
import { type Descriptor, mediaTypes } from '#oci';
import type { RealRegistry } from '../../fakes/real-registry.js';

/** Pushes an image under a tag and returns the descriptor of its manifest. */
export async function pushImage(
  registry: RealRegistry,
  repository: string,
  tag: string,
  parts: ImageParts,
): Promise<Descriptor> {
  const { config, blobs } = makeImage(parts);
  const type = `application/vnd.oci.image.layer.v1.tar${parts.gzip ? '+gzip' : ''}`;
  const layers: Descriptor[] = [];
  for (const blob of blobs) layers.push(await registry.pushBlob(repository, blob, type));
  return registry.pushManifest(repository, tag, {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: await registry.pushBlob(repository, config, mediaTypes.ociConfig),
    layers,
  });
}

/** An index over manifests that the repository has. */
export function pushIndex(
  registry: RealRegistry,
  repository: string,
  tag: string,
  manifests: readonly { readonly descriptor: Descriptor; readonly architecture: string }[],
): Promise<Descriptor> {
  const entries = manifests.map(({ descriptor, architecture }) => ({
    ...descriptor,
    platform: { os: 'linux', architecture },
  }));
  const document = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: entries };
  return registry.pushManifest(repository, tag, document, mediaTypes.ociIndex);
}
