/** A request that got no answer, and why. Callers turn it into the error their user sees. */
import { oneLine, redact } from '#base';

export type NetworkFailure =
  /** The name could not be resolved. */
  | 'dns'
  /** Nothing listens, or no route leads there. */
  | 'unreachable'
  | 'connect-timeout'
  /** Connected, then silent for too long. */
  | 'idle-timeout'
  /** The connection ended early. */
  | 'reset'
  /** The certificate is not trusted, or the handshake failed. */
  | 'tls'
  /** The server answered a TLS handshake with something else, most likely plain HTTP. */
  | 'not-tls'
  | 'proxy'
  /** A redirect that must not be followed. */
  | 'redirect'
  | 'invalid-answer';

export class NetworkError extends Error {
  readonly failure: NetworkFailure;
  /** `host:port` that was spoken to, or the path of the socket. */
  readonly host: string;

  constructor(failure: NetworkFailure, host: string, reason: string, cause?: unknown) {
    super(oneLine(redact(reason)), cause === undefined ? undefined : { cause });
    this.name = 'NetworkError';
    this.failure = failure;
    this.host = host;
  }
}

const byCode: Readonly<Record<string, NetworkFailure>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  EAI_NONAME: 'dns',
  ECONNREFUSED: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENOENT: 'unreachable',
  EACCES: 'unreachable',
  ETIMEDOUT: 'connect-timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  ERR_STREAM_PREMATURE_CLOSE: 'reset',
  ERR_SSL_WRONG_VERSION_NUMBER: 'not-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not-tls',
  ERR_SSL_HTTP_REQUEST: 'not-tls',
};

/** Classifies an error of `node:http`, `node:tls` or `node:dns`; Node and Bun word them differently. */
export function networkError(error: unknown, host: string): NetworkError {
  if (error instanceof NetworkError) return error;
  // With several addresses tried, the last one's failure speaks for all.
  if (error instanceof AggregateError && error.errors.length > 0) return networkError(error.errors.at(-1), host);
  const { code: named, message = String(error) } = (error ?? {}) as { code?: unknown; message?: string };
  // The codes of DOM exceptions are numbers.
  const code = typeof named === 'string' ? named : '';
  return new NetworkError(classify(code, message), host, readable(message || code), error);
}

function classify(code: string, message: string): NetworkFailure {
  const known = byCode[code];
  if (known) return known;
  if (/wrong version number|packet length too long|http request/i.test(message)) return 'not-tls';
  if (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|ERR_OSSL|EPROTO)/.test(code)) return 'tls';
  if (/certificate|TLS connection|SSL routines/i.test(message)) return 'tls';
  if (code.startsWith('HPE_')) return 'invalid-answer';
  return 'reset';
}

/** The last part of an OpenSSL error queue line is the part for people. */
function readable(message: string): string {
  const found = /SSL routines:[^:]*:([^:]+)/.exec(message);
  return found ? `TLS: ${found[1]!.toLowerCase().replaceAll('_', ' ')}` : message;
}
