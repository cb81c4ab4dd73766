/**
 * Plain HTTP by the native client of Bun, on which the compiled program runs: Bun's `node:http` takes longer to load than
 * the scan of a cached image takes. TLS, proxies and Unix sockets stay with `node:http`.
 * Errors  `NetworkError`, as the other way.
 * Source  https://bun.com/docs/runtime/networking/fetch https://bun.com/docs/runtime/networking/tcp
 */
import { NetworkError, networkError } from './network-error.js';
import type { Environment } from './world.js';

interface Socket {
  terminate(): void;
}

interface Bun {
  connect(options: {
    readonly hostname: string;
    readonly port: number;
    readonly socket: Readonly<Record<'data' | 'error' | 'open', () => void>>;
  }): Promise<Socket>;
}

export interface NativeRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds, as in `HttpOptions`. */
  readonly connectTimeout: number;
  readonly idleTimeout: number;
}

export interface NativeAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

export type NativeClient = (request: NativeRequest) => Promise<NativeAnswer>;

/** `undefined` on other runtimes, and where proxies are named, which the native client would look up itself. */
export function nativeClient(env: Environment): NativeClient | undefined {
  const bun = (globalThis as { readonly Bun?: Bun }).Bun;
  if (!bun || Object.keys(env).some((name) => /^(?:http|all)_proxy$/i.test(name))) return undefined;
  const reached = new Set<string>();
  return async (request) => {
    if (!reached.has(request.url.origin)) await reach(request, bun);
    reached.add(request.url.origin);
    return send(request);
  };
}

/** A connection for its own sake: the client does not tell when it is connected, so that could not be waited for. */
async function reach({ url, connectTimeout, signal }: NativeRequest, bun: Bun): Promise<void> {
  const nothing = (): void => {};
  const connecting = bun.connect({
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 80),
    socket: { data: nothing, error: nothing, open: nothing },
  });
  const watch = watchdog(signal);
  watch.start(connectTimeout, () => {
    const reason = `no connection within ${connectTimeout / 1000} s`;
    return new NetworkError('connect-timeout', url.host, reason);
  });
  const closing = connecting.then((socket) => socket.terminate());
  try {
    await Promise.race([closing, watch.expired]);
  } catch (error) {
    closing.catch(nothing);
    throw watch.signal.aborted ? watch.signal.reason : networkError(error, url.host);
  } finally {
    watch.stop();
  }
}

async function send(request: NativeRequest): Promise<NativeAnswer> {
  const { url, method, headers, body, idleTimeout } = request;
  const watch = watchdog(request.signal);
  const silent = (): NetworkError =>
    new NetworkError('idle-timeout', url.host, `no answer within ${idleTimeout / 1000} s`);
  try {
    watch.start(idleTimeout, silent);
    const asked = {
      method,
      headers: { 'accept-encoding': 'identity', ...headers },
      ...(body !== undefined && { body: body as NonNullable<RequestInit['body']> }),
      signal: watch.signal,
      redirect: 'manual',
      decompress: false,
    } as const;
    const response = await fetch(url, asked);
    watch.pause();
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body: chunksOf(response, request, watch),
    };
  } catch (error) {
    watch.stop();
    throw watch.signal.aborted ? watch.signal.reason : networkError(error, url.host);
  }
}

async function* chunksOf(
  response: Response,
  { url, method, idleTimeout }: NativeRequest,
  watch: Watchdog,
): AsyncGenerator<Uint8Array, void> {
  const { host } = url;
  const promised = method === 'HEAD' ? null : response.headers.get('content-length');
  const silent = (): NetworkError => new NetworkError('idle-timeout', host, `silent for ${idleTimeout / 1000} s`);
  let received = 0;
  let whole = false;
  try {
    watch.signal.throwIfAborted();
    const reader = response.body?.getReader();
    for (;;) {
      watch.start(idleTimeout, silent);
      const part = await reader?.read();
      // A slow reader is not a silent peer.
      watch.pause();
      if (!part || part.done) break;
      received += part.value.length;
      yield part.value;
      watch.signal.throwIfAborted();
    }
    if (promised !== null && received < Number(promised)) {
      throw new NetworkError('reset', host, 'the connection ended early');
    }
    whole = true;
  } catch (error) {
    throw watch.signal.aborted ? watch.signal.reason : networkError(error, host);
  } finally {
    if (!whole) watch.leave();
    watch.stop();
  }
}

interface Watchdog {
  /** Aborted by the caller's signal, by time, or by leaving. */
  readonly signal: AbortSignal;
  /** Rejects when the signal is aborted. */
  readonly expired: Promise<never>;
  start(milliseconds: number, late: () => Error): void;
  pause(): void;
  leave(): void;
  /** Lets go of the caller's signal. */
  stop(): void;
}

function watchdog(outer: AbortSignal | undefined): Watchdog {
  const controller = new AbortController();
  const { signal } = controller;
  let timer: NodeJS.Timeout | undefined;
  const abort = (): void => controller.abort(outer?.reason);
  outer?.addEventListener('abort', abort, { once: true });
  if (outer?.aborted) abort();
  const expired = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  expired.catch(() => {});
  const pause = (): void => clearTimeout(timer);
  return {
    signal,
    expired,
    start(milliseconds, late) {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(late()), milliseconds);
    },
    pause,
    leave: () => controller.abort(new Error('the rest is not wanted')),
    stop() {
      pause();
      outer?.removeEventListener('abort', abort);
    },
  };
}
