/**
 * Decompresses xz files.
 * Limits  output bytes: LimitError.
 * Errors  FormatError for anything damaged or cut off.
 * Source  https://tukaani.org/xz/xz-file-format.txt
 */
import { FormatError, LimitError } from '#base';

/** The library (WebAssembly) is loaded at first use. */
export async function decompressXz(compressed: Uint8Array, limit: number): Promise<Uint8Array> {
  // Its names are not seen through a module of the other kind; the type declarations do not say so.
  const library = (await import('xz-decompress')) as typeof import('xz-decompress') & {
    default?: typeof import('xz-decompress');
  };
  const { XzReadableStream } = library.default ?? library;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const input = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(compressed);
      controller.close();
    },
  });
  const reader = new XzReadableStream(input).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new FormatError('damaged xz data', { cause: error });
    });
    if (done) return Buffer.concat(chunks, size);
    size += value.length;
    if (size > limit) {
      // The library's own clean-up can fail where it has ended already.
      await reader.cancel().catch(() => {});
      throw new LimitError('the content of an xz file', limit);
    }
    chunks.push(value);
  }
}
