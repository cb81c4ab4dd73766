/**
 * The package URLs of a scanned image, by which VEX documents name it as a product.
 * Source  https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md
 */
import type { PackageUrl } from '#formats';
import type { ReportMetadata } from '#model';

/** One per digest and, for Docker Hub, per spelling of its name. */
export function imagePurls({ repoDigests = [], imageConfig }: ReportMetadata): readonly PackageUrl[] {
  return repoDigests.flatMap((digest) => {
    const at = digest.lastIndexOf('@');
    if (at < 1) return [];
    const repository = digest.slice(0, at).toLowerCase();
    const arch = imageConfig?.architecture;
    return spellings(repository).map((url) => ({
      type: 'oci',
      name: repository.slice(repository.lastIndexOf('/') + 1),
      version: digest.slice(at + 1),
      qualifiers: new Map([...(arch ? [['arch', arch] as const] : []), ['repository_url', url] as const]),
    }));
  });
}

/** A name without a registry's host is of Docker Hub, where names without a user are in `library`. */
function spellings(repository: string): readonly string[] {
  const slash = repository.indexOf('/');
  const host = slash < 0 ? '' : repository.slice(0, slash);
  const isHub = /^(?:index\.|registry-1\.)?docker\.io$/.test(host);
  if (!isHub && (host.includes('.') || host.includes(':') || host === 'localhost')) return [repository];
  const path = isHub ? repository.slice(slash + 1) : repository;
  const full = path.includes('/') ? path : `library/${path}`;
  return [`index.docker.io/${full}`, `docker.io/${full}`];
}
