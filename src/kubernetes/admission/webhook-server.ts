/**
 * The HTTPS server: `/validate` and `/mutate` for API servers, `/healthz`, `/readyz` and `/metrics` for everybody.
 * Limits  bodies of 8 MiB, 10 s for the headers and 30 s for a request; whoever can reach the port may ask.
 * Errors  400 for what is no AdmissionReview, 413, 415, and 500 for a bug: the failure policy of the configuration decides.
 *         A valid review is always answered with its uid.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import { FormatError, PratiqueError } from '#base';
import type { World } from '#platform';
import {
  type AdmissionRequest,
  type AdmissionResponse,
  readAdmissionReview,
  writeAdmissionReview,
} from './admission-review.js';
import type { IssuedCertificate } from './issue-certificate.js';

export interface WebhookServer {
  readonly port: number;
  /** For connections from now on; those that are open stay. */
  useCertificate(certificate: IssuedCertificate): Promise<void>;
  /** Ready no more, so that no new requests are sent here; those under way are answered. */
  drain(): void;
  /** Resolves when all connections are closed, at the latest after `patience` milliseconds. */
  close(patience: number): Promise<void>;
}

export interface WebhookServerOptions {
  readonly host?: string;
  readonly port: number;
  readonly certificate: IssuedCertificate;
  /** `budget` is when the API server gives up, milliseconds from now. */
  validate(request: AdmissionRequest, budget: number): Promise<AdmissionResponse>;
  mutate(request: AdmissionRequest, budget: number): Promise<AdmissionResponse>;
  metrics(): string;
  /** Why it is not ready. */
  notReady(): string | undefined;
  onRequest(path: string, status: number, seconds: number): void;
}

const MAX_BODY = 8 * 1024 * 1024;
/** API servers say how long they wait; ten seconds is their default. */
const DEFAULT_TIMEOUT = 10;
/** Of the API server's patience this is kept for the way back, milliseconds. */
const MARGIN = 500;

export async function startWebhookServer(options: WebhookServerOptions, world: World): Promise<WebhookServer> {
  let draining = false;
  const answer: RequestListener = (message, response) => {
    const began = performance.now();
    void respond(message, options, draining, world).then(({ status, type, body }) => {
      if (draining) response.setHeader('connection', 'close');
      response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
      options.onRequest(pathOf(message), status, (performance.now() - began) / 1000);
    });
  };
  const failed = (error: Error): void => world.log.error('the server failed', { reason: error.message });
  let server = makeServer(options.certificate, answer);
  await listen(server, options);
  server.on('error', failed);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    port,
    async useCertificate(certificate) {
      if (!('Bun' in globalThis)) return server.setSecureContext({ ...certificate, minVersion });
      // There a server keeps the certificate that it began with. What is under way is still answered by the old one.
      const renewed = makeServer(certificate, answer);
      server.close();
      server.closeIdleConnections();
      server = renewed;
      await listen(server, { ...options, port });
      server.on('error', failed);
    },
    drain: () => void (draining = true),
    async close(patience) {
      const timer = setTimeout(() => server.closeAllConnections(), patience);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      clearTimeout(timer);
    },
  };
}

const minVersion = 'TLSv1.2';

function makeServer(certificate: IssuedCertificate, answer: RequestListener): Server {
  const server = createServer({ ...certificate, minVersion }, answer);
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  // Longer than API servers keep idle connections, so that none is closed while it is used.
  server.keepAliveTimeout = 120_000;
  return server;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const text = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0]!;

async function respond(
  message: IncomingMessage,
  options: WebhookServerOptions,
  draining: boolean,
  world: World,
): Promise<Answer> {
  try {
    switch (pathOf(message)) {
      case '/validate':
        return await review(message, options.validate.bind(options));
      case '/mutate':
        return await review(message, options.mutate.bind(options));
      case '/healthz':
        return text(200, 'ok');
      case '/readyz': {
        const reason = draining ? 'ending' : options.notReady();
        return reason === undefined ? text(200, 'ok') : text(503, reason);
      }
      case '/metrics':
        return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: options.metrics() };
      default:
        return text(404, 'there is nothing here');
    }
  } catch (error) {
    if (error instanceof FormatError) return text(400, error.message);
    if (message.destroyed && !message.complete) return text(400, 'the request was cut off');
    world.log.error('a request could not be answered', {
      reason: error instanceof Error ? (error.stack ?? '') : String(error),
    });
    return text(500, 'a bug; see the log');
  }
}

async function review(message: IncomingMessage, judge: WebhookServerOptions['validate']): Promise<Answer> {
  if (message.method !== 'POST') return text(405, 'POST is expected');
  if (!/^application\/json\s*(;|$)/i.test(message.headers['content-type'] ?? ''))
    return text(415, 'application/json is expected');
  const body = await readBody(message);
  if (!body) return text(413, `the body is larger than ${MAX_BODY} bytes`);
  const request = readAdmissionReview(body);
  const response = await judge(request, budgetOf(message.url ?? ''));
  return { status: 200, type: 'application/json', body: writeAdmissionReview(request.uid, response) };
}

/** `undefined` when it is too large; the rest is not kept. */
async function readBody(message: IncomingMessage): Promise<Uint8Array | undefined> {
  if (Number(message.headers['content-length'] ?? 0) > MAX_BODY) {
    message.resume();
    return undefined;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > MAX_BODY ? undefined : Buffer.concat(chunks);
}

/** From `?timeout=10s`, which API servers send. */
function budgetOf(url: string): number {
  const found = /[?&]timeout=(\d{1,3})s(?:&|$)/.exec(url);
  const seconds = found ? Number(found[1]) : DEFAULT_TIMEOUT;
  return Math.max(200, seconds * 1000 - MARGIN);
}

function listen(server: Server, { host, port }: WebhookServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const problem =
        error.code === 'EADDRINUSE'
          ? `port ${port} is in use`
          : `cannot listen at ${host ?? ''}:${port}: ${error.message}`;
      reject(new PratiqueError('usage/invalid', { problem }, error));
    };
    server.once('error', failed);
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}
