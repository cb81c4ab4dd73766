/**
 * The signatures that a registry keeps of an image: under the tag `sha256-….sig`, and in artifacts that refer to the image.
 * Yields  what was found, not verified: payloads with the annotations beside them, and bundles.
 * Limits  50 signatures of 1 MiB each; the rest is not looked at.
 * Errors  those of the registry; an image without signatures has none, which is no error.
 * Source  https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md ·
 *         https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md
 */
import { PratiqueError } from '#base';
import { type Descriptor, parseReference, type Reference, type RegistryClient } from '#oci';

export type FoundSignature =
  | { readonly kind: 'payload'; readonly payload: Uint8Array; readonly annotations: Readonly<Record<string, string>> }
  | { readonly kind: 'bundle'; readonly bundle: Uint8Array };

const payloadType = 'application/vnd.dev.cosign.simplesigning.v1+json';
const bundleType = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.\d+\+json|\+json;version=0\.\d+)$/;
const payloadArtifact = 'application/vnd.dev.cosign.artifact.sig.v1+json';
const MAX_SIGNATURES = 50;
const MAX_BYTES = 1024 * 1024;

/** `image` names a digest. */
export async function findSignatures(
  image: Reference & { readonly digest: string },
  client: Pick<RegistryClient, 'resolve' | 'referrers' | 'blobBytes'>,
  signal: AbortSignal,
): Promise<readonly FoundSignature[]> {
  const repository = `${image.registry}/${image.repository}`;
  const tagged = [`${repository}:${image.digest.replace(':', '-')}.sig`];
  const referring = (await client.referrers(image, image.digest, signal))
    .filter(({ artifactType = '' }) => artifactType === payloadArtifact || bundleType.test(artifactType))
    .map(({ digest }) => `${repository}@${digest}`);
  const found: FoundSignature[] = [];
  for (const name of [...tagged, ...referring]) {
    const reference = parseReference(name);
    for (const layer of await layersOf(reference, client, signal)) {
      if (found.length >= MAX_SIGNATURES) return found;
      if (layer.size > MAX_BYTES) continue;
      if (layer.mediaType === payloadType) {
        const payload = await client.blobBytes(reference, layer, MAX_BYTES, signal);
        found.push({ kind: 'payload', payload, annotations: layer.annotations ?? {} });
      } else if (bundleType.test(layer.mediaType)) {
        found.push({ kind: 'bundle', bundle: await client.blobBytes(reference, layer, MAX_BYTES, signal) });
      }
    }
  }
  return found;
}

async function layersOf(
  reference: Reference,
  client: Pick<RegistryClient, 'resolve'>,
  signal: AbortSignal,
): Promise<readonly Descriptor[]> {
  try {
    const { document } = await client.resolve(reference, signal);
    return document.kind === 'manifest' ? document.layers : [];
  } catch (error) {
    if (error instanceof PratiqueError && error.code === 'registry/not-found') return [];
    throw error;
  }
}
