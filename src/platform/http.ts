/**
 * A small HTTP client over the runtime's own: kept-alive connections, proxies, own certificate authorities, Unix
 * sockets, time-outs, redirects, streamed bodies.
 * Errors  `NetworkError` when no answer came; the status of an answer is the caller's to judge.
 * Limits  10 redirects; credentials are dropped when a redirect leaves the origin; never from https to http unless insecure.
 * Source  https://www.rfc-editor.org/rfc/rfc9110
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { compact } from '#base';
import { parseJson, readBody, streamBody } from './http-body.js';
import { nativeClient } from './http-native.js';
import { createRoutes, type StartedRequest } from './http-route.js';
import { NetworkError, networkError } from './network-error.js';
import type { World } from './world.js';

export interface HttpOptions {
  /** Certificates are not checked, and a redirect may lead from https to http. */
  readonly insecure?: boolean;
  /** PEM file of certificate authorities trusted besides the system's. */
  readonly caFile?: string;
  /** All requests go to this Unix socket; the host of URLs is only a name. */
  readonly socketPath?: string;
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
  /** PEM of the only certificate authorities to trust, in place of the system's and `caFile`. */
  readonly ca?: string;
  /** Name that servers must prove, when it is not the one in the URL. */
  readonly serverName?: string;
  /** Milliseconds for name look-up, connection and TLS handshake together. */
  readonly connectTimeout?: number;
  /** Milliseconds that the peer may be silent. */
  readonly idleTimeout?: number;
  readonly userAgent?: string;
}

export interface HttpRequest {
  readonly url: string | URL;
  readonly method?: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Redirects are answers like others. */
  readonly manualRedirects?: boolean;
  /** For this request in place of the client's: milliseconds that the peer may be silent. */
  readonly idleTimeout?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** After redirects. */
  readonly url: string;
  /** By lower-case name; several of one name are joined by `, `. */
  header(name: string): string | undefined;
  /** To be read to its end, left early, or discarded; an unread body holds its connection. */
  readonly body: AsyncIterable<Uint8Array>;
  bytes(limit: number): Promise<Uint8Array>;
  text(limit: number): Promise<string>;
  json(limit: number): Promise<unknown>;
  /** Frees the connection. */
  discard(): Promise<void>;
}

export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>;
  close(): void;
}

const MAX_REDIRECTS = 10;
/** Bytes of an unwanted body worth reading to keep its connection. */
const WORTH_DRAINING = 64 * 1024;
const credentials = ['authorization', 'cookie', 'proxy-authorization', 'www-authenticate'];

export function createHttpClient(options: HttpOptions, world: Pick<World, 'env'>): HttpClient {
  const { insecure = false, connectTimeout = 10_000, idleTimeout = 60_000, userAgent = 'pratique' } = options;
  const routes = createRoutes({
    env: world.env,
    insecure,
    connectTimeout,
    ...compact({
      caFile: options.caFile,
      socketPath: options.socketPath,
      clientCertificate: options.clientCertificate,
      ca: options.ca,
      serverName: options.serverName,
    }),
  });

  const native = options.socketPath === undefined ? nativeClient(world.env) : undefined;

  async function request(wanted: HttpRequest): Promise<HttpResponse> {
    let url = new URL(wanted.url);
    let headers: Record<string, string> = { 'user-agent': userAgent, ...wanted.headers };
    let method = wanted.method ?? 'GET';
    let body = wanted.body;
    for (let hops = 0; ; hops++) {
      const patience = wanted.idleTimeout ?? idleTimeout;
      const response = await send({ url, method, headers, body, signal: wanted.signal, idleTimeout: patience });
      const location = isRedirect(response.status) ? response.header('location') : undefined;
      if (location === undefined || wanted.manualRedirects) return response;
      await response.discard();
      if (hops >= MAX_REDIRECTS) throw new NetworkError('redirect', url.host, `more than ${MAX_REDIRECTS} redirects`);
      const next = follow(url, location, insecure);
      if (next.origin !== url.origin) headers = without(headers, credentials);
      if (response.status === 303 || (response.status < 303 && method === 'POST')) {
        method = method === 'HEAD' ? 'HEAD' : 'GET';
        body = undefined;
        headers = without(headers, ['content-type', 'content-length']);
      }
      url = next;
    }
  }

  async function send({ url, method, headers, body, signal, idleTimeout }: Hop): Promise<HttpResponse> {
    const host = options.socketPath ?? url.host;
    signal?.throwIfAborted();
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    if (native && url.protocol === 'http:') {
      const sent = { url, method, headers: { ...headers, ...length }, body, signal, connectTimeout, idleTimeout };
      return toResponse(await native(sent), url, host);
    }
    const started = await routes.start(url, method, { ...headers, ...length });
    const message = await answer(started, body, { host, connectTimeout, idleTimeout, signal });
    return toResponse(headOf(message, { host, idleTimeout, signal }), url, host);
  }

  return { request, close: routes.close };
}

/** One request of a chain of redirects. */
interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
  readonly idleTimeout: number;
}

interface Waiting {
  readonly host: string;
  readonly connectTimeout: number;
  readonly idleTimeout: number;
  readonly signal: AbortSignal | undefined;
}

/** Waits for the head of the answer. The request is destroyed when that takes too long or `signal` is aborted. */
function answer(
  started: StartedRequest,
  body: string | Uint8Array | undefined,
  waiting: Waiting,
): Promise<IncomingMessage> {
  const { request } = started;
  const { host, connectTimeout, idleTimeout, signal } = waiting;
  return new Promise((resolve, reject) => {
    const timeOut = (failure: 'connect-timeout' | 'idle-timeout', ms: number, reason: string): NodeJS.Timeout =>
      setTimeout(() => stop(new NetworkError(failure, host, reason)), ms);
    let timer = timeOut('connect-timeout', connectTimeout, `no connection within ${connectTimeout / 1000} s`);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    // Rejecting here and not by the request's own error: a destroyed request does not always report one.
    const stop = (reason: Error): void => {
      settle();
      reject(reason);
      request.destroy();
    };
    const abort = (): void => stop(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    whenConnected(started, () => {
      clearTimeout(timer);
      timer = timeOut('idle-timeout', idleTimeout, `no answer within ${idleTimeout / 1000} s`);
    });
    request.on('error', (error) => {
      settle();
      reject(networkError(error, host));
    });
    request.once('response', (message) => {
      settle();
      resolve(message);
    });
    request.end(body);
  });
}

function whenConnected({ request, readyEvent }: StartedRequest, then: () => void): void {
  request.once('socket', (socket) => {
    if (readyEvent === undefined || (request as ClientRequest).reusedSocket) then();
    else socket.once(readyEvent, then);
  });
}

type Head = Pick<HttpResponse, 'status' | 'header' | 'body'>;

function headOf(message: IncomingMessage, options: Parameters<typeof streamBody>[1]): Head {
  return {
    status: message.statusCode ?? 0,
    header(name) {
      const value = message.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    body: streamBody(message, options),
  };
}

function toResponse({ status, header, body }: Head, url: URL, host: string): HttpResponse {
  const what = `the answer of ${host}`;
  return {
    status,
    url: url.href,
    header,
    body,
    bytes: (limit) => readBody(body, limit, what),
    text: async (limit) => new TextDecoder().decode(await readBody(body, limit, what)),
    json: async (limit) => parseJson(await readBody(body, limit, what), what),
    async discard() {
      // The answer was not wanted: how its body ends does not matter.
      await readBody(body, WORTH_DRAINING, what).catch(() => {});
    },
  };
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

function follow(from: URL, location: string, insecure: boolean): URL {
  let next: URL;
  try {
    next = new URL(location, from);
  } catch (error) {
    throw new NetworkError('redirect', from.host, 'redirected to something that is not a URL', error);
  }
  if (next.protocol !== 'https:' && next.protocol !== 'http:') {
    throw new NetworkError('redirect', from.host, `redirected to a ${next.protocol.slice(0, -1)} address`);
  }
  if (from.protocol === 'https:' && next.protocol === 'http:' && !insecure) {
    throw new NetworkError('redirect', from.host, `redirected from https to plain http at ${next.host}`);
  }
  return next;
}

function without(headers: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
