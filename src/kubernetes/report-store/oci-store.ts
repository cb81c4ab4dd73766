/**
 * Reports as artifacts of a registry: `oci://registry/repository`. Each names its image as the subject, so that clients find
 * the reports of an image as its referrers in that repository; each has a tag, too: `kind-os-arch-` and the beginning of the
 * image's digest.
 * Source  https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests-with-subject
 */
import { PratiqueError } from '#base';
import { createRegistryClient, mediaTypes, parseReference, type RegistryOptions } from '#oci';
import type { World } from '#platform';
import type { ReportStore } from './report-store.js';

export const reportArtifactType = 'application/vnd.pratique.report.v1+json';
const DIGITS = 40;

export function ociStore(address: string, registry: RegistryOptions, world: World): ReportStore {
  const text = address.slice('oci://'.length);
  const reference = parseReference(text);
  if (reference.digest !== undefined || /:[^/]*$/.test(text.slice(text.indexOf('/') + 1)))
    throw new PratiqueError('usage/invalid', { problem: '--report-store: oci://REGISTRY/REPOSITORY, without a tag' });
  const client = createRegistryClient(registry, world);
  const place = `${reference.registry}/${reference.repository}`;
  return {
    async put({ kind, digest, platform, subject, document }, signal) {
      const tag = `${kind}-${platform.replaceAll('/', '-')}-${digest.slice(digest.indexOf(':') + 1).slice(0, DIGITS)}`;
      const pushed = await client.push(
        parseReference(`${place}:${tag}`),
        {
          artifactType: reportArtifactType,
          tag,
          blob: { mediaType: reportArtifactType, bytes: document },
          annotations: { 'dev.pratique.report.kind': kind, 'dev.pratique.report.platform': platform },
          // Of an image whose manifest was never seen only the digest is known.
          subject: subject?.digest === digest ? subject : { mediaType: mediaTypes.ociManifest, digest, size: 0 },
        },
        signal,
      );
      return { location: `oci://${place}@${pushed}`, digest: pushed };
    },
    close: () => client.close(),
  };
}
