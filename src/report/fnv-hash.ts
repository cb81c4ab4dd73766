/**
 * The 64-bit FNV-1 hash of a text, as hexadecimal digits without leading zeros.
 * Halves of 32 bits: a `bigint` costs ten times as much.
 * Source  https://www.rfc-editor.org/rfc/rfc9923
 */
const prime = 0x1b3;
const half = 0x1_0000_0000;

export function fnv1(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of new TextEncoder().encode(text)) {
    // The prime is 2^40 + 0x1b3: shifted by 40 bits, the low half adds to the high one only.
    const product = low * prime;
    high = (high * prime + Math.floor(product / half) + low * 0x100) % half;
    low = ((product % half) ^ byte) >>> 0;
  }
  return high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0');
}
