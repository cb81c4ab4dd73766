/** Health, readiness and metrics over HTTP. https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/ */
import { createServer } from 'node:http';
import { PratiqueError } from '#base';

export interface HealthOptions {
  readonly host?: string;
  readonly port: number;
  /** Why no work can be done now. */
  notReady(): string | undefined;
  metrics(): string;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Throws `usage/invalid` when the address cannot be had. */
export async function startHealthServer({ host, port, notReady, metrics }: HealthOptions): Promise<HealthServer> {
  const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 16_384 }, (request, response) => {
    request.resume();
    const answer = (status: number, body: string, type = 'text/plain; charset=utf-8'): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    switch ((request.url ?? '/').split('?', 1)[0]!.replace(/\/$/, '')) {
      case '/healthz':
        return answer(200, 'ok\n');
      case '/readyz': {
        const reason = notReady();
        return reason === undefined ? answer(200, 'ok\n') : answer(503, `${reason}\n`);
      }
      case '/metrics':
        return answer(200, metrics(), 'text/plain; version=0.0.4; charset=utf-8');
      default:
        return answer(404, 'there is nothing here\n');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(new PratiqueError('usage/invalid', { problem: `cannot listen at port ${port}: ${error.message}` }));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
