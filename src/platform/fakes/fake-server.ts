/** A real HTTP server on 127.0.0.1 whose answers are written as data, for tests of everything that speaks HTTP. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** Bytes of the body after which the connection is broken. */
  readonly cutAfter?: number;
  /** Milliseconds before the answer begins. */
  readonly delay?: number;
}

export interface FakeServer {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** `http://127.0.0.1:port`, or https. */
  readonly origin: string;
  /** In the order in which they came. */
  readonly requests: FakeRequest[];
  close(): Promise<void>;
}

export type FakeAnswers = (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>;

/** With `tls` (PEM), an https server. */
export async function fakeServer(
  answers: FakeAnswers,
  tls?: { readonly key: string; readonly cert: string },
): Promise<FakeServer> {
  const requests: FakeRequest[] = [];
  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    void read(message)
      .then((request) => {
        requests.push(request);
        return answers(request);
      })
      .then((answer) => send(answer, message.method === 'HEAD', response))
      .catch((error: unknown) => response.writeHead(500).end(`the fake server failed: ${String(error)}`));
  };
  const server = tls
    ? (await import('node:https')).createServer({ ...tls }, listener)
    : (await import('node:http')).createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    origin: `${tls ? 'https' : 'http'}://${host}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(message: IncomingMessage): Promise<FakeRequest> {
  let body = '';
  for await (const chunk of message.setEncoding('utf8') as AsyncIterable<string>) body += chunk;
  const url = new URL(message.url ?? '/', 'http://fake');
  const { method = 'GET', headers } = message;
  return { method, path: url.pathname, query: url.searchParams, headers, body };
}

async function send(answer: FakeAnswer, headOnly: boolean, response: ServerResponse): Promise<void> {
  const { status = 200, headers = {}, body = '', cutAfter, delay } = answer;
  // Whoever gave up waiting must not be kept alive by the wait.
  if (delay) await new Promise((resolve) => setTimeout(resolve, delay).unref());
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status, { 'content-length': bytes.length });
  if (headOnly) return void response.end();
  if (cutAfter === undefined) return void response.end(bytes);
  // Given time to arrive, so that the reader has them before the connection breaks.
  const breakOff = (): void => void setTimeout(() => response.socket?.destroy(), 15);
  if (cutAfter > 0) response.write(bytes.subarray(0, cutAfter), breakOff);
  else response.flushHeaders();
  if (cutAfter === 0) breakOff();
}
