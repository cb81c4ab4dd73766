/**
 * Content digests, `<algorithm>:<hex>`.
 * https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
 */
import { createHash, type Hasher } from '#base';

const hexLengths = { sha256: 64, sha512: 128 } as const;

export interface Digest {
  readonly algorithm: keyof typeof hexLengths;
  readonly hex: string;
}

/** `undefined` for anything but a sha256 or sha512 digest in lower-case hex. */
export function parseDigest(text: string): Digest | undefined {
  const found = /^(sha256|sha512):([0-9a-f]+)$/.exec(text);
  if (!found) return undefined;
  const algorithm = found[1] as Digest['algorithm'];
  const hex = found[2]!;
  return hex.length === hexLengths[algorithm] ? { algorithm, hex } : undefined;
}

/** `sha256:…` of the bytes. */
export function digestOf(bytes: Uint8Array, algorithm: Digest['algorithm'] = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** A hash for content that arrives in pieces; compare its hex with `digest.hex`. */
export function hashFor(digest: Digest): Hasher {
  return createHash(digest.algorithm);
}
