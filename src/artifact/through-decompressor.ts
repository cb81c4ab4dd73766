/**
 * A decompressor of the runtime as a function from chunks to chunks. It runs ahead of the reader by a few chunks, in the
 * thread pool, and gives them out one by one: the iterator of a stream would join what has piled up by copying it.
 * Chunks of the source are given away to this function. One that comes out is the reader's until it asks for the next;
 * then its memory is freed.
 * The source is read to its end, even where the decompressor is done before: its verdict on the whole comes last.
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
  let running = 2;
  let failure: { readonly error: unknown } | undefined;
  let wake = (): void => {};
  const ended = (): void => {
    running--;
    wake();
  };
  const failed = (error: unknown): void => {
    failure ??= { error };
    wake();
  };
  decompressor.on('data', (chunk: Uint8Array) => {
    if (ready.push(chunk) >= AHEAD) decompressor.pause();
    wake();
  });
  decompressor.once('end', ended);
  decompressor.on('error', failed);
  feed(source, decompressor).then(ended, failed);
  try {
    for (;;) {
      const chunk = ready.shift();
      if (chunk) {
        yield chunk;
        releaseBuffer(chunk);
      } else if (failure) throw failure.error;
      else if (running === 0) return;
      else {
        const more = new Promise<void>((resolve) => (wake = resolve));
        decompressor.resume();
        await more;
      }
    }
  } finally {
    decompressor.destroy();
  }
}

async function feed(source: AsyncIterable<Uint8Array>, decompressor: Transform): Promise<void> {
  for await (const chunk of source) {
    if (decompressor.destroyed && !decompressor.readableEnded) return;
    await taken(chunk, decompressor);
    releaseBuffer(chunk);
  }
  decompressor.end();
}

/** Whatever follows the compressed data is passed over. */
function taken(chunk: Uint8Array, decompressor: Transform): Promise<void> {
  return new Promise((resolve) => {
    if (decompressor.readableEnded) return resolve();
    const done = (): void => {
      decompressor.off('end', done).off('close', done);
      resolve();
    };
    decompressor.once('end', done).once('close', done).write(chunk, done);
  });
}
