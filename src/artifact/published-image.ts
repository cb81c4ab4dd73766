/** An image as its registry knows it, so that what others published about it can be found there. */
import type { Image } from '#model';
import { tryReference, type Reference } from '#oci';

export interface PublishedImage {
  readonly reference: Reference;
  /** Of what the reference named: the index where there is one. */
  readonly digest: string;
}

/** Only a digest of the repository that was asked for names the image there. */
export function publishedImage({ name, repoDigests }: Pick<Image, 'name' | 'repoDigests'>): PublishedImage | undefined {
  const asked = tryReference(name);
  if (!asked) return undefined;
  for (const text of repoDigests) {
    const reference = tryReference(text);
    if (reference?.registry === asked.registry && reference.repository === asked.repository && reference.digest)
      return { reference: asked, digest: reference.digest };
  }
  return undefined;
}
