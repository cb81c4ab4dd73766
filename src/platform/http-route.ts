/**
 * How a request leaves the machine: directly, through a Unix socket, to a proxy, or through a tunnel that a proxy opens.
 * Connections are kept alive and shared per route. Nothing here loads `node:http` before the first request.
 * CONNECT: https://www.rfc-editor.org/rfc/rfc9110#name-connect
 */
import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import { PratiqueError } from '#base';
import { NetworkError, networkError } from './network-error.js';
import { proxyAuthorization, proxyFor } from './proxy.js';
import { trustedRoots } from './tls-roots.js';
import type { Environment } from './world.js';

export interface RouteOptions {
  readonly env: Environment;
  readonly insecure: boolean;
  readonly caFile?: string;
  readonly socketPath?: string;
  /** Milliseconds after which a tunnel that is not ready is given up. */
  readonly connectTimeout: number;
  /** PEM; for servers that ask who the client is. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
}

export interface Routes {
  start(url: URL, method: string, headers: Record<string, string>): Promise<StartedRequest>;
  close(): void;
}

export interface StartedRequest {
  readonly request: ClientRequest;
  /** The event of a new socket that says it is ready; `undefined` when it is handed over ready. */
  readonly readyEvent: 'connect' | 'secureConnect' | undefined;
}

export function createRoutes(options: RouteOptions): Routes {
  const agents = new Map<string, Agent>();
  let context: Promise<SecureContext | undefined> | undefined;
  const agent = async (key: string, make: () => Agent | Promise<Agent>): Promise<Agent> => {
    const made = agents.get(key) ?? (await make());
    // Of two made at the same time, the first one registered is used.
    const kept = agents.get(key) ?? made;
    agents.set(key, kept);
    return kept;
  };
  const plainAgent = (): Promise<Agent> =>
    agent('http', async () => new (await import('node:http')).Agent({ keepAlive: true, autoSelectFamily: true }));

  async function start(url: URL, method: string, headers: Record<string, string>): Promise<StartedRequest> {
    const http = await import('node:http');
    const common: RequestOptions = { method, headers };
    const target = { host: hostOf(url), port: url.port, path: url.pathname + url.search };
    if (options.socketPath !== undefined) {
      const { socketPath } = options;
      const path = target.path;
      return {
        request: http.request({ ...common, path, socketPath, agent: await plainAgent() }),
        readyEvent: 'connect',
      };
    }
    const proxy = proxyFor(url, options.env);
    if (url.protocol === 'http:') {
      const request = proxy
        ? await toProxy(proxy, url, common)
        : http.request({ ...common, ...target, agent: await plainAgent() });
      return { request, readyEvent: proxy?.protocol === 'https:' ? 'secureConnect' : 'connect' };
    }
    const https = await import('node:https');
    const made = await agent(proxy ? `tunnel ${proxy.href}` : 'https', () => secureAgent(proxy));
    const request = https.request({ ...common, ...target, agent: made });
    return { request, readyEvent: proxy ? undefined : 'secureConnect' };
  }

  async function toProxy(proxy: URL, url: URL, common: RequestOptions): Promise<ClientRequest> {
    const authorization = proxyAuthorization(proxy);
    const headers = {
      ...(common.headers as Record<string, string>),
      host: url.host,
      ...(authorization && { 'proxy-authorization': authorization }),
    };
    const to = { ...common, headers, host: hostOf(proxy), port: proxy.port, path: url.href };
    if (proxy.protocol === 'http:') return (await import('node:http')).request({ ...to, agent: await plainAgent() });
    const secure = await agent('https', () => secureAgent(undefined));
    return (await import('node:https')).request({ ...to, agent: secure });
  }

  async function secureAgent(proxy: URL | undefined): Promise<Agent> {
    context ??= secureContext(options);
    const secure = await context;
    const settings: AgentOptions & ConnectionOptions = {
      keepAlive: true,
      autoSelectFamily: true,
      rejectUnauthorized: !options.insecure,
      ...(secure && { secureContext: secure }),
    };
    const { Agent: SecureAgent } = await import('node:https');
    if (!proxy) return new SecureAgent(settings);
    const proxyTls = { rejectUnauthorized: !options.insecure, ...(secure && { secureContext: secure }) };
    const tunnelled = new SecureAgent(settings);
    tunnelled.createConnection = (target, done) => {
      const { host, port, servername } = target as ConnectionOptions;
      const name = host?.includes(':') ? `[${host}]` : host;
      const settle = (error: Error | null, socket?: Duplex): void => done?.(error, socket as Duplex);
      secureTunnel(
        proxy,
        `${name}:${port}`,
        { ...proxyTls, ...(servername && { servername }) },
        options.connectTimeout,
      ).then(
        (socket) => settle(null, socket),
        (error: Error) => settle(error),
      );
      return undefined;
    };
    return tunnelled;
  }

  return {
    start,
    close() {
      for (const made of agents.values()) made.destroy();
      agents.clear();
    },
  };
}

/**
 * A TLS connection to `target` (`host:port`) through the proxy. It has its own time-out, because the agent that asks for
 * it does not say when the request behind it was given up.
 */
async function secureTunnel(
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
  const module = proxy.protocol === 'https:' ? await import('node:https') : await import('node:http');
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

async function secureContext(options: RouteOptions): Promise<SecureContext | undefined> {
  const roots = await trustedRoots(options.env, options.caFile);
  if (!roots && !options.clientCertificate) return undefined;
  const { createSecureContext } = await import('node:tls');
  try {
    return createSecureContext({ ...(roots && { ca: roots }), ...options.clientCertificate });
  } catch (error) {
    const path = options.clientCertificate ? 'the client certificate' : 'the system certificates';
    throw new PratiqueError('tls/bad-ca-file', { path, reason: (error as Error).message }, error);
  }
}

/** Without the brackets of an IPv6 address. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
