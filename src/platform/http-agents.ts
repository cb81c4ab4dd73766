/**
 * The agents that keep connections alive, made when first needed: plain, TLS, and TLS through each proxy's tunnel.
 * Nothing here loads `node:http` or `node:tls` before that.
 */
import type { Agent } from 'node:http';
import type { AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import { PratiqueError } from '#base';
import { httpModule, httpsModule } from './http-modules.js';
import { trustedRoots } from './tls-roots.js';
import { secureTunnel } from './tunnel.js';
import type { Environment } from './world.js';

export interface AgentsOptions {
  readonly env: Environment;
  readonly insecure: boolean;
  readonly caFile?: string;
  /** Milliseconds after which a tunnel that is not ready is given up. */
  readonly connectTimeout: number;
  /** PEM; for servers that ask who the client is. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
  /** PEM; in place of all other roots. */
  readonly ca?: string;
  readonly serverName?: string;
}

export interface Agents {
  plain(): Promise<Agent>;
  secure(): Promise<Agent>;
  tunnel(proxy: URL): Promise<Agent>;
  close(): void;
}

/** The runtime's own quarter of a second per address gives up on slow networks. */
const dialing = { keepAlive: true, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1000 };

export function createAgents(options: AgentsOptions): Agents {
  const made = new Map<string, Promise<Agent>>();
  const once = (key: string, make: () => Promise<Agent>): Promise<Agent> => {
    const agent = made.get(key) ?? make();
    made.set(key, agent);
    return agent;
  };
  let settings: Promise<ConnectionOptions> | undefined;
  const tls = (): Promise<ConnectionOptions> => (settings ??= tlsSettings(options));
  return {
    plain: () => once('plain', async () => new (httpModule().Agent)(dialing)),
    secure: () => once('secure', async () => secureAgent(await tls())),
    tunnel: (proxy) =>
      once(proxy.href, async () => tunnelAgent(await secureAgent(await tls()), proxy, await tls(), options)),
    close() {
      for (const agent of made.values()) agent.then((one) => one.destroy()).catch(() => {});
      made.clear();
    },
  };
}

async function secureAgent(tls: ConnectionOptions): Promise<Agent> {
  const settings: AgentOptions & ConnectionOptions = { ...dialing, ...tls };
  return new (httpsModule().Agent)(settings);
}

function tunnelAgent(agent: Agent, proxy: URL, tls: ConnectionOptions, { connectTimeout }: AgentsOptions): Agent {
  agent.createConnection = (target, done) => {
    const { host, port, servername } = target as ConnectionOptions;
    const name = host?.includes(':') ? `[${host}]` : host;
    const settle = (error: Error | null, socket?: Duplex): void => done?.(error, socket as Duplex);
    secureTunnel(proxy, `${name}:${port}`, { ...tls, ...(servername && { servername }) }, connectTimeout).then(
      (socket) => settle(null, socket),
      (error: Error) => settle(error),
    );
    return undefined;
  };
  return agent;
}

async function tlsSettings(options: AgentsOptions): Promise<ConnectionOptions> {
  const context = await secureContext(options);
  return {
    rejectUnauthorized: !options.insecure,
    ...(context && { secureContext: context }),
    ...(options.serverName && { servername: options.serverName }),
  };
}

async function secureContext(options: AgentsOptions): Promise<SecureContext | undefined> {
  const roots = options.ca ?? (await trustedRoots(options.env, options.caFile));
  if (!roots && !options.clientCertificate) return undefined;
  const { createSecureContext } = await import('node:tls');
  try {
    return createSecureContext({ ...(roots && { ca: roots }), ...options.clientCertificate });
  } catch (error) {
    const path =
      options.ca !== undefined
        ? 'the given certificates'
        : options.clientCertificate
          ? 'the client certificate'
          : 'the system certificates';
    throw new PratiqueError('tls/bad-ca-file', { path, reason: (error as Error).message }, error);
  }
}
