/**
 * Sends requests to an API server: identity, rate limit, time-out, and another try where that is safe.
 * Errors  `KubernetesError` for what the server refuses; `kubernetes/unreachable` when it does not answer.
 * Retries 429 and 503 with Retry-After as the server asks (10 times, 60 s at most); a refused identity once; requests
 *         that only read, when the connection fails.
 */
import { compact, PratiqueError } from '#base';
import {
  backoffDelay,
  createHttpClient,
  type HttpClient,
  type HttpResponse,
  NetworkError,
  type World,
} from '#platform';
import { createAuthentication, type Identity } from './authentication.js';
import type { ClusterConnection } from './connection.js';
import { KubernetesError } from './kubernetes-error.js';
import { createRateLimiter, type RateLimit } from './rate-limit.js';
import { refusal } from './status-answer.js';

export interface ApiRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** For errors, in words. */
  readonly what: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; of a stream, until it begins. */
  readonly timeout?: number | undefined;
  /** Milliseconds of silence inside a stream. */
  readonly idleTimeout?: number;
}

export interface Transport {
  /** The body of a successful answer as it arrives. Leaving the loop closes the connection. */
  stream(request: ApiRequest): AsyncIterable<Uint8Array>;
  /** A successful answer, read as JSON. */
  json(request: ApiRequest, limit?: number): Promise<unknown>;
  close(): void;
}

export interface TransportOptions {
  readonly limit: RateLimit;
  readonly userAgent?: string;
}

const TIMEOUT = 60_000;
const CONNECT_TIMEOUT = 15_000;
const MAX_ANSWER = 64 * 1024 * 1024;
const MAX_WAITS = 10;
const LONGEST_WAIT = 60_000;
const MAX_RECONNECTS = 3;
const reconnecting = { first: 200, factor: 3, longest: 5000 };

export function createTransport(connection: ClusterConnection, options: TransportOptions, world: World): Transport {
  const authentication = createAuthentication(connection, world);
  const limiter = createRateLimiter(options.limit, world.clock);
  const clients = createClients(connection, options.userAgent, world);

  async function attempt(request: ApiRequest, signal: AbortSignal): Promise<HttpResponse> {
    await limiter(signal);
    const identity = await authentication.identity(signal);
    const { body, idleTimeout } = request;
    return clients.of(identity).request({
      url: connection.server + request.path,
      method: request.method,
      manualRedirects: true,
      signal,
      headers: {
        accept: request.accept ?? 'application/json',
        ...identity.headers,
        ...(body !== undefined && { 'content-type': request.contentType ?? 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(idleTimeout !== undefined && { idleTimeout }),
    });
  }

  async function send(request: ApiRequest, signal: AbortSignal): Promise<HttpResponse> {
    let waits = 0;
    let reconnects = 0;
    let renewed = false;
    for (;;) {
      let response: HttpResponse;
      try {
        response = await attempt(request, signal);
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        if (request.method !== 'GET' || reconnects >= MAX_RECONNECTS || error.failure === 'tls') throw error;
        await world.clock.sleep(backoffDelay(reconnects++, reconnecting), signal);
        continue;
      }
      if (response.status < 300) return response;
      const error = await refusal(response, request.what, world.clock.now());
      if (error.status === 401 && !renewed && authentication.forget()) {
        renewed = true;
      } else if (mayWait(error) && waits++ < MAX_WAITS) {
        world.log.debug('The API server asks to wait', { what: request.what, ms: error.retryAfter });
        await world.clock.sleep(Math.min(error.retryAfter ?? 0, LONGEST_WAIT) * (1 + Math.random() / 4), signal);
      } else throw error;
    }
  }

  const explained = (error: unknown): unknown =>
    error instanceof NetworkError ? unreachable(connection.server, error.message, error) : error;

  return {
    async json(request, limit = MAX_ANSWER) {
      const { signal, release } = withTimeout(request, connection.server, world);
      try {
        const response = await send(request, signal);
        return await response.json(limit);
      } catch (error) {
        throw explained(error);
      } finally {
        release();
      }
    },
    async *stream(request) {
      const { signal, stopTimer, release } = withTimeout(request, connection.server, world);
      try {
        const response = await send(request, signal);
        stopTimer();
        for await (const chunk of response.body) yield chunk;
      } catch (error) {
        throw explained(error);
      } finally {
        release();
      }
    },
    close: clients.close,
  };
}

/** A signal that is aborted with the request's own, or the program's, or when the time is over. */
function withTimeout({ signal: outer, timeout = TIMEOUT }: ApiRequest, server: string, world: World) {
  const source = outer ?? world.signal;
  const controller = new AbortController();
  const abort = (): void => controller.abort(source.reason);
  if (source.aborted) abort();
  else source.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(
    () => controller.abort(unreachable(server, `no answer within ${timeout / 1000} s`, undefined)),
    timeout,
  );
  return {
    signal: controller.signal,
    stopTimer: () => clearTimeout(timer),
    release() {
      clearTimeout(timer);
      source.removeEventListener('abort', abort);
    },
  };
}

const mayWait = (error: KubernetesError): boolean =>
  error.status === 429 || (error.status === 503 && error.retryAfter !== undefined);

export const unreachable = (server: string, reason: string, cause: unknown): PratiqueError =>
  new PratiqueError('kubernetes/unreachable', { server, reason }, cause);

/** Connections belong to a client certificate: another certificate needs other connections. */
function createClients(connection: ClusterConnection, userAgent: string | undefined, world: World) {
  const { proxyUrl } = connection;
  const env = proxyUrl === undefined ? world.env : { HTTPS_PROXY: proxyUrl, HTTP_PROXY: proxyUrl };
  let current: { readonly http: HttpClient; readonly cert: string | undefined } | undefined;
  return {
    of({ certificate }: Identity): HttpClient {
      if (current && current.cert === certificate?.cert) return current.http;
      // Requests under way keep their connections; idle ones go.
      current?.http.close();
      const http = createHttpClient(
        {
          connectTimeout: CONNECT_TIMEOUT,
          ...compact({
            insecure: connection.insecure,
            ca: connection.ca,
            serverName: connection.serverName,
            clientCertificate: certificate,
            userAgent,
          }),
        },
        { env },
      );
      current = { http, cert: certificate?.cert };
      return http;
    },
    close: () => current?.http.close(),
  };
}
