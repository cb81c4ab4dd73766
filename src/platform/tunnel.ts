/**
 * Connections through a proxy, opened with CONNECT.
 * https://www.rfc-editor.org/rfc/rfc9110#name-connect
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { httpModule, httpsModule } from './http-modules.js';
import { NetworkError, networkError } from './network-error.js';
import { hostOf, proxyAuthorization } from './proxy.js';

/**
 * A TLS connection to `target` (`host:port`) through the proxy. It has its own time-out, because the agent that asks for
 * it does not say when the request behind it was given up.
 */
export async function secureTunnel(
  proxy: URL,
  target: string,
  { servername, ...tls }: ConnectionOptions,
  timeout: number,
): Promise<Duplex> {
  const { connect } = await import('node:tls');
  const opening = new AbortController();
  const timer = setTimeout(() => opening.abort(), timeout);
  try {
    const socket = await openTunnel(proxy, target, tls, opening.signal);
    const inside = connect({ ...tls, socket, ...(servername && { servername }) });
    opening.signal.addEventListener('abort', () => void inside.destroy(new Error('the handshake took too long')));
    await new Promise((resolve, reject) => {
      inside.once('secureConnect', resolve);
      inside.on('error', reject);
    });
    return inside;
  } finally {
    clearTimeout(timer);
  }
}

/** The socket on which the proxy relays. */
async function openTunnel(proxy: URL, target: string, tls: ConnectionOptions, signal: AbortSignal): Promise<Duplex> {
  const module = proxy.protocol === 'https:' ? httpsModule() : httpModule();
  const authorization = proxyAuthorization(proxy);
  const request = module.request({
    ...(proxy.protocol === 'https:' ? tls : {}),
    host: hostOf(proxy),
    port: proxy.port,
    method: 'CONNECT',
    path: target,
    agent: false,
    headers: { host: target, ...(authorization && { 'proxy-authorization': authorization }) },
  });
  return new Promise((resolve, reject) => {
    const failed = (reason: string, cause?: unknown): void =>
      reject(new NetworkError('proxy', proxy.host, reason, cause));
    const refused = ({ statusCode, statusMessage = '' }: IncomingMessage): void =>
      failed(`the proxy answered ${statusCode} ${statusMessage}`.trimEnd());
    signal.addEventListener('abort', () => {
      failed('the proxy is silent');
      request.destroy();
    });
    request.once('connect', (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      refused(answer);
    });
    request.once('response', (answer) => {
      answer.destroy();
      refused(answer);
    });
    request.on('error', (error) => failed(`the proxy: ${networkError(error, proxy.host).message}`, error));
    request.end();
  });
}
