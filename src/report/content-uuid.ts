/**
 * Identifiers made of what they identify: the same content has the same one, so reports can be reproduced.
 * Source  https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8
 */
import { createHash } from '#base';

/** A version 8 UUID: the first bits of the SHA-256 of the parts, in order. */
export function contentUuid(parts: Iterable<string>): string {
  const hash = createHash('sha256');
  // A length before each part keeps `ab`, `c` apart from `a`, `bc`.
  for (const part of parts) hash.update(`${part.length}:${part}`);
  const bytes = Buffer.from(hash.digest('hex').slice(0, 32), 'hex');
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
