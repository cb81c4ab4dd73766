/**
 * An image at a registry. Layers are fetched when they are walked: each is verified, expanded and walked as it arrives.
 * Errors  `PratiqueError` of the registry client, `image/not-an-image`, `image/bad-config`.
 */
import { limits } from '#base';
import type { Image } from '#model';
import { createRegistryClient, parseReference, type RegistryOptions } from '#oci';
import type { World } from '#platform';
import { chooseReference } from './choose-reference.js';
import { parseImageConfig } from './image-config.js';
import { shortRepository } from './image-names.js';
import { LayerContext, streamedLayer } from './layer-source.js';
import { assertImage } from './oci-layout.js';
import type { PathFilter } from './path-filter.js';
import type { SizeBudget } from './size-budget.js';

/** Image configurations that were read before, by digest; `get` answers only what has that digest. */
export interface ConfigCache {
  get(digest: string): Uint8Array | undefined;
  put(digest: string, bytes: Uint8Array): Promise<void>;
}

export interface RegistryImageOptions {
  readonly registry?: RegistryOptions | undefined;
  readonly platform?: string | undefined;
  readonly filter?: PathFilter | undefined;
  readonly configs?: ConfigCache | undefined;
  readonly budget?: SizeBudget | undefined;
  readonly signal?: AbortSignal | undefined;
}

export async function openRegistryImage(name: string, options: RegistryImageOptions, world: World): Promise<Image> {
  const { platform, filter, configs, budget, signal } = options;
  const reference = parseReference(name);
  const client = createRegistryClient(options.registry ?? {}, world);
  try {
    const { manifest, digest, descriptor } = await client.image(reference, platform, signal);
    assertImage(manifest, name);
    budget?.expect(manifest.layers.map(({ size }) => ({ storedSize: size })));
    const known = configs?.get(manifest.config.digest);
    const bytes = known ?? (await client.blobBytes(reference, manifest.config, limits.manifest, signal));
    const { config, diffIds, createdBy } = parseImageConfig(bytes, name, manifest.layers.length);
    if (!known) await configs?.put(manifest.config.digest, bytes);
    const context = new LayerContext({ filter, budget });
    const repository = shortRepository(reference);
    const repoTags =
      reference.tag !== undefined && reference.digest === undefined ? [`${repository}:${reference.tag}`] : [];
    const repoDigests = [`${repository}@${digest}`];
    const layers = manifest.layers.map((layer, i) =>
      streamedLayer(
        (walkSignal) => client.blob(reference, layer, walkSignal),
        {
          diffId: diffIds[i],
          digest: layer.digest,
          createdBy: createdBy[i],
          storedSize: layer.size,
        },
        context,
      ),
    );
    const chosen = chooseReference(name, repoTags, repoDigests);
    return {
      name,
      id: manifest.config.digest,
      config,
      layers,
      repoTags,
      repoDigests,
      descriptor,
      ...(chosen !== undefined && { reference: chosen }),
      async close() {
        context.close();
        await client.close();
      },
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}
