/**
 * Frees the memory of a chunk that nobody reads any more, at once, where the runtime can (Node 22, Bun): garbage of that
 * size is collected late. Parts of a larger buffer come in order: with its last part all of it has been read.
 * Source  https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/ArrayBuffer/transfer
 */
export function releaseBuffer({ buffer, byteOffset, byteLength }: Uint8Array): void {
  if (byteOffset + byteLength < buffer.byteLength) return;
  (buffer as { transfer?(length: number): unknown }).transfer?.(0);
}
