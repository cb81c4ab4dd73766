/**
 * Digests, made without loading more than they need: Bun's `node:crypto` brings all of its streams, and as an ES module
 * Node's reads each of its many parts.
 * Source  https://bun.com/docs/runtime/hashing#bun-cryptohasher
 */
export interface Hasher {
  update(data: string | Uint8Array): Hasher;
  digest(encoding: 'base64' | 'hex'): string;
  digest(): Uint8Array;
}

export type HashAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

interface Bun {
  readonly CryptoHasher: new (algorithm: HashAlgorithm) => Hasher;
}

export function createHash(algorithm: HashAlgorithm): Hasher {
  const { Bun } = globalThis as { readonly Bun?: Bun };
  return Bun ? new Bun.CryptoHasher(algorithm) : process.getBuiltinModule('node:crypto').createHash(algorithm);
}

/** Random, as hexadecimal digits. */
export function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex');
}
