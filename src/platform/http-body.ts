/** The body of an answer: read as a stream, or whole within a limit. */
import type { IncomingMessage } from 'node:http';
import { FormatError, LimitError } from '#base';
import { NetworkError, networkError } from './network-error.js';

export interface BodyOptions {
  readonly host: string;
  /** Milliseconds that the peer may be silent while the reader waits. */
  readonly idleTimeout: number;
  readonly signal: AbortSignal | undefined;
}

/** Chunks as they arrive. Leaving the loop early, an abort or a silent peer closes the connection. */
export async function* streamBody(message: IncomingMessage, options: BodyOptions): AsyncGenerator<Uint8Array, void> {
  const { host, idleTimeout, signal } = options;
  let waiting = true;
  const timer = setTimeout(() => {
    // A slow reader is not a silent peer.
    if (waiting) message.destroy(new NetworkError('idle-timeout', host, `silent for ${idleTimeout / 1000} s`));
  }, idleTimeout);
  const abort = (): void => void message.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    signal?.throwIfAborted();
    for await (const chunk of message as AsyncIterable<Uint8Array>) {
      waiting = false;
      yield chunk;
      signal?.throwIfAborted();
      waiting = true;
      timer.refresh();
    }
    // Bun ends a body that was cut short as if it were whole.
    if (!message.complete) throw new NetworkError('reset', host, 'the connection ended early');
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error instanceof LimitError ? error : networkError(error, host);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    message.destroy();
  }
}

/** The whole body; `LimitError` as soon as it grows past `limit` bytes. `what` names it in errors. */
export async function readBody(body: AsyncIterable<Uint8Array>, limit: number, what: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new LimitError(what, limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

/** Parsed JSON; `FormatError` when it is not. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch (error) {
    throw new FormatError(`${what} is not JSON`, { cause: error });
  }
}
