/**
 * Bills of materials that others published for an image, instead of reading the image: sources are asked in order
 * (`--sbom-sources`), the first that has one that can be read is used. Signatures are not verified.
 * Errors  none: what a source does not have, or cannot give, is logged, and the image itself is read.
 */
import type { Image } from '#model';
import type { RegistryOptions } from '#oci';
import type { World } from '#platform';
import { publishedImage, type PublishedImage } from './published-image.js';
import { isReadProblem, type OpenedSbom } from './sbom.js';

export const sbomSources = ['oci', 'rekor'] as const;
export type SbomSource = (typeof sbomSources)[number];

export interface SbomSourceOptions {
  readonly sources: readonly SbomSource[];
  readonly registry?: RegistryOptions | undefined;
  readonly rekorUrl?: string | undefined;
}

export async function findPublishedSbom(
  image: Pick<Image, 'name' | 'repoDigests'>,
  options: SbomSourceOptions,
  world: World,
): Promise<OpenedSbom | undefined> {
  const published = publishedImage(image);
  if (!published) {
    world.log.debug('no bill of materials was looked for: the image has no digest of its repository');
    return undefined;
  }
  for (const source of options.sources) {
    try {
      const found = await openers[source](published, options, world);
      if (found) return found;
      world.log.debug('no bill of materials was found', { source, image: published.digest });
    } catch (error) {
      if (!isReadProblem(error)) throw error;
      world.log.warn('a source of bills of materials failed', { source, reason: error.message });
    }
  }
  return undefined;
}

type Opener = (image: PublishedImage, options: SbomSourceOptions, world: World) => Promise<OpenedSbom | undefined>;

const openers: Readonly<Record<SbomSource, Opener>> = {
  async oci(image, { registry }, world) {
    const { sbomOfReferrers } = await import('./sbom-referrers.js');
    return sbomOfReferrers(image, registry ?? {}, world);
  },
  async rekor({ digest }, { registry, rekorUrl }, world) {
    const { sbomOfRekor } = await import('./sbom-rekor.js');
    return sbomOfRekor(digest, rekorUrl ?? 'https://rekor.sigstore.dev', registry ?? {}, world);
  },
};
