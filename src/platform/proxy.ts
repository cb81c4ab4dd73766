/**
 * Which proxy a request goes through, from HTTP_PROXY, HTTPS_PROXY and NO_PROXY (upper case first, then lower case).
 * Rules: https://pkg.go.dev/golang.org/x/net/http/httpproxy — `localhost` and loopback addresses never use a proxy.
 */
import { NetworkError } from './network-error.js';
import type { Environment } from './world.js';

/** The proxy for `url`, or `undefined` for a direct connection. Throws `NetworkError` for a proxy that cannot be used. */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  const text = url.protocol === 'https:' ? variable(env, 'HTTPS_PROXY') : plainProxy(env);
  if (!text || isLoopback(url.hostname) || isExcluded(url, variable(env, 'NO_PROXY') ?? '')) return undefined;
  const parsed = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (!parsed?.hostname) throw new NetworkError('proxy', text, 'the address of the proxy is not a URL');
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    const scheme = parsed.protocol.slice(0, -1);
    throw new NetworkError('proxy', parsed.host, `proxies of type ${scheme} are not supported, only http and https`);
  }
  return parsed;
}

/** Without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** The `Proxy-Authorization` value for credentials in the proxy's URL. */
export function proxyAuthorization(proxy: URL): string | undefined {
  if (!proxy.username && !proxy.password) return undefined;
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

// A CGI program's HTTP_PROXY may come from a `Proxy:` request header: https://httpoxy.org/
const plainProxy = (env: Environment): string | undefined =>
  env['REQUEST_METHOD'] ? undefined : variable(env, 'HTTP_PROXY');

const variable = (env: Environment, name: string): string | undefined => env[name] || env[name.toLowerCase()];

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** `localhost`, `127.0.0.0/8` or `::1`, as a URL's host name (IPv6 in brackets). */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || /^127(\.\d{1,3}){3}$/.test(hostname) || /^\[?::1\]?$/.test(hostname);
}

function isExcluded(url: URL, list: string): boolean {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list.split(',').some((entry) => excludes(entry.trim().toLowerCase(), host, port));
}

function excludes(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return inNetwork(host, entry);
  const split = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(entry);
  if (split && split[3] !== port) return false;
  const name = (split ? (split[1] ?? split[2]!) : entry).replace(/^\[|\]$/g, '');
  if (name.startsWith('*.')) return host.endsWith(name.slice(1));
  if (name.startsWith('.')) return host.endsWith(name);
  return host === name || host.endsWith(`.${name}`);
}

/** IPv4 networks in CIDR notation. */
function inNetwork(host: string, network: string): boolean {
  const [base = '', bits = ''] = network.split('/');
  const a = ipv4(host);
  const b = ipv4(base);
  const length = Number(bits);
  if (a === undefined || b === undefined || !/^\d{1,2}$/.test(bits) || length > 32) return false;
  const mask = length === 0 ? 0 : (~0 << (32 - length)) >>> 0;
  return (a & mask) >>> 0 === (b & mask) >>> 0;
}

function ipv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}
