/**
 * How a request leaves the machine: directly, through a Unix socket, to a proxy, or through a tunnel that a proxy opens.
 * Nothing here loads `node:http` before the first request.
 */
import type { ClientRequest, RequestOptions } from 'node:http';
import { type Agents, type AgentsOptions, createAgents } from './http-agents.js';
import { httpModule, httpsModule } from './http-modules.js';
import { hostOf, proxyAuthorization, proxyFor } from './proxy.js';

export interface RouteOptions extends AgentsOptions {
  readonly socketPath?: string;
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
  const agents = createAgents(options);
  return {
    async start(url, method, headers) {
      const common: RequestOptions = { method, headers };
      const { socketPath } = options;
      if (socketPath !== undefined) return toSocket(socketPath, url, common, agents);
      const proxy = proxyFor(url, options.env);
      if (proxy && url.protocol === 'http:') return toProxy(proxy, url, common, agents);
      const target = { ...common, host: hostOf(url), port: url.port, path: url.pathname + url.search };
      if (url.protocol === 'http:') {
        const { request } = httpModule();
        return { request: request({ ...target, agent: await agents.plain() }), readyEvent: 'connect' };
      }
      const { request } = httpsModule();
      const agent = await (proxy ? agents.tunnel(proxy) : agents.secure());
      return { request: request({ ...target, agent }), readyEvent: proxy ? undefined : 'secureConnect' };
    },
    close: agents.close,
  };
}

async function toSocket(socketPath: string, url: URL, common: RequestOptions, agents: Agents): Promise<StartedRequest> {
  const { request } = httpModule();
  const path = url.pathname + url.search;
  return { request: request({ ...common, path, socketPath, agent: await agents.plain() }), readyEvent: 'connect' };
}

/** Plain requests name the whole URL; the proxy's credentials go with each. */
async function toProxy(proxy: URL, url: URL, common: RequestOptions, agents: Agents): Promise<StartedRequest> {
  const authorization = proxyAuthorization(proxy);
  const headers = {
    ...(common.headers as Record<string, string>),
    host: url.host,
    ...(authorization && { 'proxy-authorization': authorization }),
  };
  const to = { ...common, headers, host: hostOf(proxy), port: proxy.port, path: url.href };
  if (proxy.protocol === 'http:') {
    const { request } = httpModule();
    return { request: request({ ...to, agent: await agents.plain() }), readyEvent: 'connect' };
  }
  const { request } = httpsModule();
  return { request: request({ ...to, agent: await agents.secure() }), readyEvent: 'secureConnect' };
}
