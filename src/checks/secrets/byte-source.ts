/** Bytes that can be read at any place: a file, or what was taken out of one. */
export interface ByteSource {
  readonly size: number;
  /** Shorter at the end. */
  read(offset: number, length: number): Uint8Array;
}

export function byteSourceOf(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}
