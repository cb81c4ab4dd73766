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
    const { origin } = request.url;
    const answer = await send(request, reached.has(origin) ? undefined : bun);
    reached.add(origin);
    return answer;
  };
}

/**
 * The client does not tell when it is connected, so a connection for its own sake, beside the request, tells whether
 * silence is that of the network or of the server.
 */
function connection({ url }: NativeRequest, bun: Bun): Promise<void> {
  const nothing = (): void => {};
  const socket = { data: nothing, error: nothing, open: nothing };
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  return bun.connect({ hostname, port: Number(url.port || 80), socket }).then((open) => open.terminate(), nothing);
}

async function send(request: NativeRequest, unreached: Bun | undefined): Promise<NativeAnswer> {
  const { url, method, headers, body, connectTimeout, idleTimeout } = request;
  const watch = watchdog(request.signal);
  const silent = (): NetworkError =>
    new NetworkError('idle-timeout', url.host, `no answer within ${idleTimeout / 1000} s`);
  const unconnected = (): NetworkError =>
    new NetworkError('connect-timeout', url.host, `no connection within ${connectTimeout / 1000} s`);
  let answered = false;
  try {
    watch.start(unreached ? connectTimeout : idleTimeout, unreached ? unconnected : silent);
    if (unreached) {
      void connection(request, unreached).then(() => {
        if (!answered) watch.start(idleTimeout, silent);
      });
    }
    const asked = {
      method,
      headers: { 'accept-encoding': 'identity', ...headers },
      ...(body !== undefined && { body: body as NonNullable<RequestInit['body']> }),
      signal: watch.signal,
      redirect: 'manual',
      decompress: false,
    } as const;
    const response = await fetch(url, asked);
    answered = true;
    watch.pause();
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body: chunksOf(response, request, watch),
    };
  } catch (error) {
    answered = true;
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
  const pause = (): void => clearTimeout(timer);
  return {
    signal,
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
