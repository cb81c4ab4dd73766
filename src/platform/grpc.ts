/**
 * Calls of a gRPC service on this machine, over HTTP/2 on a Unix socket: one message out, one or many back.
 * Limits  16 MiB a message; two minutes of silence.
 * Errors  `NetworkError` for the connection, `GrpcError` with the service's status.
 * Source  https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import { oneLine } from '#base';
import { NetworkError } from './network-error.js';

const MAX_MESSAGE = 16 * 1024 * 1024;
const PATIENCE = 120_000;

/** `code` as in https://grpc.io/docs/guides/status-codes/ (5: not found). */
export class GrpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(oneLine(message));
    this.name = 'GrpcError';
    this.code = code;
  }
}

export interface GrpcClient {
  /** `method` is `/package.Service/Method`. Breaking out of the loop ends the call. */
  call(method: string, request: Uint8Array, signal: AbortSignal): AsyncIterable<Uint8Array>;
  close(): void;
}

/** `metadata` goes with every call. The modules are loaded at first use. */
export async function openGrpc(socketPath: string, metadata: Readonly<Record<string, string>>): Promise<GrpcClient> {
  const { connect: connectHttp2 } = await import('node:http2');
  const { connect } = await import('node:net');
  const session = connectHttp2('http://localhost', { createConnection: () => connect(socketPath) });
  const broken = new Promise<never>((_, reject) => session.once('error', reject));
  // Without a call that waits for it, nobody asks.
  broken.catch(() => {});
  return {
    async *call(method, request, signal) {
      signal.throwIfAborted();
      const stream = open(session, method, metadata);
      const abort = (): void => void stream.destroy();
      signal.addEventListener('abort', abort);
      try {
        stream.end(framed(request));
        yield* answers(stream, socketPath, broken);
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof GrpcError || error instanceof NetworkError ? error : unreachable(socketPath, error);
      } finally {
        signal.removeEventListener('abort', abort);
        stream.destroy();
      }
    },
    close: () => session.destroy(),
  };
}

function open(
  session: ClientHttp2Session,
  method: string,
  metadata: Readonly<Record<string, string>>,
): ClientHttp2Stream {
  const stream = session.request({
    ...metadata,
    ':method': 'POST',
    ':path': method,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.setTimeout(PATIENCE, () => stream.destroy(new Error(`silent for ${PATIENCE / 1000} s`)));
  return stream;
}

interface Status {
  readonly code: number;
  readonly message: string;
}

async function* answers(
  stream: ClientHttp2Stream,
  socketPath: string,
  broken: Promise<never>,
): AsyncGenerator<Uint8Array> {
  let status: Status | undefined;
  const note = (headers: Readonly<Record<string, unknown>>): void => void (status ??= statusOf(headers));
  const opened = new Promise<number>((resolve, reject) => {
    stream.once('response', (headers) => {
      note(headers);
      resolve(Number(headers[':status']));
    });
    stream.once('error', reject);
    stream.once('close', () => reject(new Error('the connection was closed')));
  });
  stream.once('trailers', note);
  const http = await Promise.race([opened, broken]);
  if (http !== 200) throw new NetworkError('invalid-answer', socketPath, `status ${http}, which is no gRPC`);
  yield* messages(stream, socketPath);
  if (!status) throw new NetworkError('reset', socketPath, 'the answer was cut off');
  if (status.code !== 0) throw new GrpcError(status.code, status.message);
}

/** Trailers, or the headers of an answer without content. */
function statusOf(headers: Readonly<Record<string, unknown>>): Status | undefined {
  const code = headers['grpc-status'];
  if (code === undefined) return undefined;
  const message = String(headers['grpc-message'] ?? '');
  return { code: Number(code), message: decoded(message) };
}

function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

/** Each is preceded by a byte that tells whether it is compressed, and four for its length. */
function framed(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(5 + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, 5);
  return frame;
}

async function* messages(chunks: AsyncIterable<Uint8Array>, socketPath: string): AsyncGenerator<Uint8Array> {
  const fail = (reason: string): NetworkError => new NetworkError('invalid-answer', socketPath, reason);
  let pending: Uint8Array[] = [];
  let size = 0;
  let wanted: number | undefined;
  for await (const chunk of chunks) {
    pending.push(chunk);
    size += chunk.length;
    while (size >= (wanted ?? 5)) {
      const all = pending.length === 1 ? pending[0]! : Buffer.concat(pending);
      const length = wanted ?? 5;
      pending = all.length > length ? [all.subarray(length)] : [];
      size -= length;
      if (wanted !== undefined) {
        yield all.subarray(0, length);
        wanted = undefined;
        continue;
      }
      if (all[0] !== 0) throw fail('a compressed message that was not asked for');
      wanted = new DataView(all.buffer, all.byteOffset).getUint32(1);
      if (wanted > MAX_MESSAGE) throw fail(`a message of ${wanted} bytes`);
    }
  }
  if (size > 0 || wanted !== undefined) throw fail('the answer was cut off');
}

function unreachable(socketPath: string, error: unknown): NetworkError {
  const reason = error instanceof Error ? error.message : String(error);
  return new NetworkError('unreachable', socketPath, reason, error);
}
