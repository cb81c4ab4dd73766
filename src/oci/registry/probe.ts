/**
 * First contact with a registry: by which scheme it is reached and what it asks for.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#determining-support — https always; plain http
 * as a second choice for hosts of the local network or with `insecure`, as Go's registry library decides it.
 */
import { PratiqueError } from '#base';
import { type HttpClient, type HttpResponse, NetworkError, type World } from '#platform';
import { type Challenge, parseChallenges } from './challenge.js';
import { type RetryPolicy, withRetries } from './retry.js';

export interface Probed {
  /** `https://host:port` */
  readonly origin: string;
  readonly challenges: readonly Challenge[];
}

export interface ProbeTools {
  readonly http: HttpClient;
  readonly world: World;
  readonly policy: RetryPolicy;
  readonly insecure: boolean;
}

/** How long a silent https port is waited for before plain http is tried beside it, milliseconds. */
const HEAD_START = 300;

/** The answer's status is judged by `refused`, which makes the error to throw. */
export async function probe(
  registry: string,
  tools: ProbeTools,
  signal: AbortSignal,
  refused: (response: HttpResponse) => Promise<PratiqueError>,
): Promise<Probed> {
  const leaving = new AbortController();
  const either = AbortSignal.any([signal, leaving.signal]);
  const by = async (scheme: 'https' | 'http'): Promise<Probed> => {
    const origin = `${scheme}://${registry}`;
    const send = (): Promise<HttpResponse> => tools.http.request({ url: `${origin}/v2/`, signal: either });
    const response = await withRetries(send, tools.policy, tools.world, either);
    // Some registries have nothing at /v2/ itself; what they ask for shows with the first real request.
    if (![200, 401, 403, 404, 405].includes(response.status)) throw await refused(response);
    const challenges = parseChallenges(response.header('www-authenticate'));
    await response.discard();
    return { origin, challenges };
  };
  if (!tools.insecure && !mayBePlain(registry)) return by('https');
  try {
    return await eitherOf(by, isLoopback(registry) ? ['http', 'https'] : ['https', 'http'], tools.world, either);
  } finally {
    leaving.abort(new Error('answered by another scheme'));
  }
}

/** Nobody listens in on this machine's own traffic: plain http first there spares the certificates. */
function isLoopback(registry: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(registry);
}

/** Hosts for which plain http is tried unasked: loopback, `.local`, `.localhost` and private IPv4 addresses. */
export function mayBePlain(registry: string): boolean {
  const host = registry.replace(/:\d+$/, '').toLowerCase();
  if (host === 'localhost' || host === '[::1]' || /\.local(host)?$/.test(host)) return true;
  const parts = host.split('.').map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256)) return false;
  const [a, b] = parts as [number, number, number, number];
  return a === 127 || a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
}

type Scheme = 'https' | 'http';

/** The second scheme is tried when the first failed, and beside it when it is silent. */
async function eitherOf(
  by: (scheme: Scheme) => Promise<Probed>,
  [first, second]: readonly [Scheme, Scheme],
  world: World,
  signal: AbortSignal,
): Promise<Probed> {
  type Outcome = { probed: Probed } | { error: unknown } | undefined;
  const outcome = (attempt: Promise<Probed>): Promise<Outcome> =>
    attempt.then(
      (probed) => ({ probed }),
      (error: unknown) => ({ error }),
    );
  const begun = by(first);
  const silence = world.clock.sleep(HEAD_START, signal).then(
    (): Outcome => undefined,
    (): Outcome => undefined,
  );
  const early = await Promise.race([outcome(begun), silence]);
  if (early && 'probed' in early) return early.probed;
  if (early && first === 'https' && !isNoTls(early.error)) throw early.error;
  const other = by(second);
  const winner = await Promise.any([begun, other]).catch(() => undefined);
  if (winner) return winner;
  const [secure, plain] = first === 'https' ? [begun, other] : [other, begun];
  const problem = await outcome(secure);
  // Both failed: what plain http met is told only where https was never spoken.
  const told = problem && 'error' in problem ? problem.error : undefined;
  if (told instanceof NetworkError && told.failure === 'not-tls') return plain;
  throw told;
}

/** Failures of https after which plain http makes sense; a certificate that is not trusted is none of them. */
function isNoTls(error: unknown): boolean {
  return error instanceof NetworkError && !['tls', 'dns', 'proxy', 'redirect'].includes(error.failure);
}
