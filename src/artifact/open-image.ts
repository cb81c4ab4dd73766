/**
 * An image by name: sources are tried in order (`--image-src`), the first that has it is used.
 * Errors  `image/not-found` with the reason of each source; the one of the only source as it is.
 */
import { PratiqueError } from '#base';
import type { Image } from '#model';
import type { RegistryOptions } from '#oci';
import type { World } from '#platform';
import type { ArchiveOptions } from './open-archive.js';
import type { ConfigCache } from './registry-image.js';

export const imageSources = ['docker', 'containerd', 'podman', 'remote'] as const;
export type ImageSource = (typeof imageSources)[number];

export interface ImageOptions extends ArchiveOptions {
  /** In the order to try; all by default. */
  readonly sources?: readonly ImageSource[] | undefined;
  /** `--docker-host`: `unix://…` or `tcp://…`. */
  readonly dockerHost?: string | undefined;
  /** `--podman-host`: path of the socket. */
  readonly podmanHost?: string | undefined;
  readonly registry?: RegistryOptions | undefined;
  /** For images at registries. */
  readonly configs?: ConfigCache | undefined;
}

export async function openImage(name: string, options: ImageOptions, world: World): Promise<Image> {
  const sources = options.sources ?? imageSources;
  const signal = options.signal ?? world.signal;
  const failures: { readonly source: ImageSource; readonly error: PratiqueError }[] = [];
  for (const source of sources) {
    signal.throwIfAborted();
    try {
      return await openers[source](name, options, world);
    } catch (error) {
      if (signal.aborted || !(error instanceof PratiqueError) || sources.length === 1) throw error;
      if (error.code === 'image/too-large') throw error;
      failures.push({ source, error });
      world.log.debug('The image was not found at this source', { source, reason: error.message });
    }
  }
  const last = failures.at(-1);
  throw new PratiqueError(
    'image/not-found',
    {
      image: name,
      // The last one is the registry's, and mostly the cause; sockets that are not there follow.
      reasons: failures
        .toReversed()
        .map(({ source, error }) => `${source}: ${error.message}`)
        .join('; '),
      advice: last?.error.hint ?? 'name a source with --image-src',
    },
    new AggregateError(failures.map(({ error }) => error)),
  );
}

type Opener = (name: string, options: ImageOptions, world: World) => Promise<Image>;

/** Loaded when tried: an archive or a directory needs none of it. */
const openers: Readonly<Record<ImageSource, Opener>> = {
  async docker(name, options, world) {
    const { dockerEndpoint } = await import('./engine-endpoint.js');
    const { openEngineImage } = await import('./engine-image.js');
    return openEngineImage(name, await dockerEndpoint(options.dockerHost, world), options, world);
  },
  async podman(name, options, world) {
    const { podmanEndpoint } = await import('./engine-endpoint.js');
    const { openEngineImage } = await import('./engine-image.js');
    return openEngineImage(name, await podmanEndpoint(options.podmanHost, world.env), options, world);
  },
  async containerd(name, options, world) {
    const { openContainerdImage } = await import('./containerd-image.js');
    return openContainerdImage(name, options, world);
  },
  async remote(name, options, world) {
    const { openRegistryImage } = await import('./registry-image.js');
    return openRegistryImage(name, options, world);
  },
};
