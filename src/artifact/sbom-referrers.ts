/**
 * The bill of materials that a registry keeps beside an image, as an artifact that refers to it.
 * Limits  64 MiB a document, 100 documents.
 * Source  https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers ·
 *         https://docs.sigstore.dev/about/bundle/
 */
import { FormatError } from '#base';
import { createRegistryClient, parseReference, type RegistryClient, type RegistryOptions } from '#oci';
import type { World } from '#platform';
import type { PublishedImage } from './published-image.js';
import { isReadProblem, openSbomBytes, type OpenedSbom } from './sbom.js';

const artifactTypes: ReadonlySet<string> = new Set([
  'application/spdx+json',
  'application/vnd.cyclonedx+json',
  'application/vnd.cyclonedx+xml',
  'application/vnd.dev.sigstore.bundle.v0.3+json',
]);
const maxBytes = 64 * 1024 * 1024;
const maxDocuments = 100;

export async function sbomOfReferrers(
  { reference, digest }: PublishedImage,
  options: RegistryOptions,
  world: World,
): Promise<OpenedSbom | undefined> {
  const client = createRegistryClient(options, world);
  try {
    const referrers = await client.referrers(reference, digest);
    const candidates = referrers.filter(({ artifactType }) => artifactTypes.has(artifactType ?? ''));
    for (const candidate of candidates.slice(0, maxDocuments)) {
      const name = `${reference.registry}/${reference.repository}@${candidate.digest}`;
      try {
        return await openSbomBytes(await documentOf(name, client));
      } catch (error) {
        if (!isReadProblem(error)) throw error;
        world.log.warn('what refers to the image is no bill of materials that can be read', {
          name,
          reason: error.message,
        });
      }
    }
    return undefined;
  } finally {
    await client.close();
  }
}

/** The only blob of the artifact. */
async function documentOf(name: string, client: RegistryClient): Promise<Uint8Array> {
  const reference = parseReference(name);
  const { document } = await client.resolve(reference);
  const [blob] = document.kind === 'manifest' ? document.layers : [];
  if (!blob) throw new FormatError('the artifact holds no document');
  return client.blobBytes(reference, blob, maxBytes);
}
