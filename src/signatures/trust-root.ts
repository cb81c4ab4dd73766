/**
 * The trust root of a sigstore instance: its authorities and logs, as a file. Nothing is fetched.
 * Reads   `trusted_root.json` of https://github.com/sigstore/root-signing, or what `cosign trusted-root create` writes. The
 *         file is read anew each time: it may be of a mounted ConfigMap.
 * Limits  1 MiB.
 * Errors  `signature/bad-trust-root`, `file/not-found`.
 */
import { PratiqueError } from '#base';
import { readIfPresent } from '#platform';
import type { TrustMaterial } from '@sigstore/verify';

const MAX_FILE = 1024 * 1024;

export async function readTrustRoot(path: string): Promise<TrustMaterial> {
  const bytes = await readIfPresent(path, MAX_FILE);
  if (!bytes) throw new PratiqueError('file/not-found', { path });
  const { TrustedRoot } = await import('@sigstore/protobuf-specs');
  const { toTrustMaterial } = await import('@sigstore/verify');
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const root = toTrustMaterial(TrustedRoot.fromJSON(value));
    if (root.certificateAuthorities.length + root.tlogs.length === 0) throw new Error('it names nobody');
    return root;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PratiqueError('signature/bad-trust-root', { path, reason }, error);
  }
}
