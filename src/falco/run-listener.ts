/**
 * An HTTP server for Falco's alerts: POST at any path; `/healthz` and `/metrics` for everybody.
 * Yields  a line of JSON for each alert, in the order of their arrival; an alert is answered when its line is written.
 * Limits  bodies of 1 MiB, 256 connections, 10 s for the headers and 30 s for a request; no authentication of its own.
 * Errors  400 for what is no alert, 413, 415, 405; 500 when the line cannot be written. `usage/invalid` at the start when
 *         the address cannot be had.
 * Source  https://falco.org/docs/concepts/outputs/channels/#http-output
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { FormatError, PratiqueError } from '#base';
import type { Report } from '#model';
import type { World } from '#platform';
import { readAlert } from './alert.js';
import { alertBody, MAX_BODY } from './alert-body.js';
import { type FindingIndex, indexFindings } from './finding-index.js';
import { joinAlert } from './join-alert.js';
import { listenerMetrics, type ListenerMetrics, type Rejection } from './listener-metrics.js';

export interface ListenOptions {
  readonly host?: string;
  readonly port: number;
  readonly reports: readonly Report[];
  /** How long requests under way are waited for at the end, milliseconds. */
  readonly drain: number;
  /** Called again only when the promise of the call before is settled. */
  readonly write: (line: string) => Promise<void>;
}

export interface AlertServer {
  readonly port: number;
  readonly images: number;
  /** Resolves when all is answered and written, which `world.signal` begins. */
  readonly ended: Promise<void>;
}

export async function startListener(options: ListenOptions, world: World): Promise<AlertServer> {
  const index = indexFindings(options.reports);
  const metrics = listenerMetrics(index);
  // The options are not kept: the reports are far larger than their index.
  const { drain, write: writeLine } = options;
  const write = inOrder(writeLine);
  const server = createServer((message, response) => {
    void answer(message, { index, metrics, write, world }).then(({ status, body, type }) => {
      if (world.signal.aborted) response.setHeader('connection', 'close');
      response.writeHead(status, { 'content-type': type ?? 'text/plain; charset=utf-8' }).end(body);
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.maxConnections = 256;
  await listen(server, options);
  server.on('error', (error) => world.log.error('the server failed', { reason: error.message }));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    images: index.images,
    ended: aborted(world.signal)
      .then(() => close(server, drain))
      .then(() => write('')),
  };
}

interface Listening {
  readonly index: FindingIndex;
  readonly metrics: ListenerMetrics;
  readonly world: World;
  write(line: string): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

const rejections: Readonly<Record<Rejection, Answer>> = {
  malformed: { status: 400, body: 'not an alert of Falco\n' },
  cut_off: { status: 400, body: 'the request was cut off\n' },
  too_large: { status: 413, body: `the body is larger than ${MAX_BODY} bytes\n` },
  encoding: { status: 415, body: 'plain JSON or gzip is expected\n' },
};

async function answer(message: IncomingMessage, listening: Listening): Promise<Answer> {
  const { metrics, world } = listening;
  try {
    const path = (message.url ?? '/').split('?', 1)[0];
    if (message.method === 'POST') return await takeAlert(message, listening);
    message.resume();
    if (message.method !== 'GET' && message.method !== 'HEAD') return { status: 405, body: 'POST is expected\n' };
    if (path === '/healthz') return { status: 200, body: 'ok\n' };
    if (path === '/metrics')
      return { status: 200, body: metrics.text(), type: 'text/plain; version=0.0.4; charset=utf-8' };
    return { status: 404, body: 'there is nothing here\n' };
  } catch (error) {
    metrics.writeFailed();
    world.log.error('an alert was lost', { reason: error instanceof Error ? error.message : String(error) });
    return { status: 500, body: 'the event could not be written\n' };
  }
}

async function takeAlert(message: IncomingMessage, { index, metrics, world, write }: Listening): Promise<Answer> {
  const reject = (reason: Rejection, problem?: string): Answer => {
    metrics.reject(reason);
    world.log.debug('a request was rejected', { reason, problem });
    return problem === undefined ? rejections[reason] : { ...rejections[reason], body: `${problem}\n` };
  };
  const body = await alertBody(message);
  if (typeof body === 'string') return reject(body);
  let alert;
  try {
    alert = readAlert(body);
  } catch (error) {
    if (error instanceof FormatError) return reject('malformed', error.message);
    throw error;
  }
  const joined = joinAlert(alert, index);
  metrics.alert(joined);
  await write(`${inertJson(joined)}\n`);
  return { status: 200, body: 'ok\n' };
}

/** JSON leaves these alone, but terminals and readers of lines do not. */
const inertJson = (value: object): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** One write after the other; that one failed does not keep the next from being tried. */
function inOrder(write: (line: string) => Promise<void>): (line: string) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (line) => {
    const next = last.then(() => (line === '' ? undefined : write(line)));
    last = next.catch(() => {});
    return next;
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function close(server: Server, patience: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), patience);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(timer);
}

function listen(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const problem = error.code === 'EADDRINUSE' ? `port ${port} is in use` : `cannot listen: ${error.message}`;
      reject(new PratiqueError('usage/invalid', { problem }, error));
    };
    server.once('error', failed);
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}
