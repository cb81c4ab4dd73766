/**
 * A decompressor of the runtime as a function from chunks to chunks. It runs ahead of the reader by a few chunks, in the
 * thread pool, and gives them out one by one: the iterator of a stream would join what has piled up by copying it.
 * Chunks of the source are given away to this function, which frees them; those that come out are the reader's.
 * Errors  those of the source and of the decompressor, as they are.
 */
import type { Transform } from 'node:stream';
import { releaseBuffer } from './release-buffer.js';

/** Chunks that may lie ready before the decompressor rests. */
const AHEAD = 4;

export async function* throughDecompressor(
  source: AsyncIterable<Uint8Array>,
  decompressor: Transform,
): AsyncGenerator<Uint8Array, void> {
  const ready: Uint8Array[] = [];
  let state: { readonly ended: true; readonly error?: unknown } | undefined;
  let wake = (): void => {};
  decompressor.on('data', (chunk: Uint8Array) => {
    if (ready.push(chunk) >= AHEAD) decompressor.pause();
    wake();
  });
  const end = (error?: unknown): void => {
    state ??= { ended: true, ...(error !== undefined && { error }) };
    wake();
  };
  decompressor.once('end', () => end());
  decompressor.on('error', end);
  void feed(source, decompressor).catch(end);
  try {
    for (;;) {
      const chunk = ready.shift();
      if (chunk) {
        yield chunk;
      } else if (state) {
        if ('error' in state) throw state.error;
        return;
      } else {
        const more = new Promise<void>((resolve) => (wake = resolve));
        decompressor.resume();
        await more;
      }
    }
  } finally {
    decompressor.destroy();
  }
}

/** Ends when the source does, or when nobody takes what comes out any more. */
async function feed(source: AsyncIterable<Uint8Array>, decompressor: Transform): Promise<void> {
  for await (const chunk of source) {
    if (decompressor.destroyed) return;
    await new Promise<void>((resolve) => {
      decompressor.once('close', resolve);
      decompressor.write(chunk, () => {
        decompressor.off('close', resolve);
        resolve();
      });
    });
    releaseBuffer(chunk);
  }
  decompressor.end();
}
