/**
 * Turns one credential into `Authorization` headers for one repository: none, Basic, or a Bearer token that is fetched
 * from the registry's token server and renewed before it ends.
 * https://distribution.github.io/distribution/spec/auth/token/ and …/auth/oauth/
 */
import { FormatError, LimitError, PratiqueError } from '#base';
import type { HttpClient, HttpRequest, HttpResponse, World } from '#platform';
import { type Challenge, chooseChallenge } from './challenge.js';
import type { Credential } from './credential.js';
import { type RetryPolicy, withRetries } from './retry.js';

export interface Authorizer {
  /** `undefined` when the registry asks for nothing, or there is nothing to show. */
  header(signal: AbortSignal): Promise<string | undefined>;
  /** After a 401: whether asking again makes sense, with what these challenges want. */
  challenged(challenges: readonly Challenge[]): boolean;
}

export interface AuthorizerOptions {
  readonly registry: string;
  readonly repository: string;
  /** The registry is reached over TLS, and that was not waived: its token server must be too. */
  readonly secure: boolean;
  readonly credential: Credential;
  readonly challenges: readonly Challenge[];
  readonly http: HttpClient;
  readonly world: World;
  readonly policy: RetryPolicy;
  /** Makes the error for an unwanted answer of the token server. */
  readonly refused: (response: HttpResponse) => Promise<PratiqueError>;
}

const MAX_ANSWER = 1024 * 1024;
/** Seconds, where the token server does not say how long a token lasts. */
const DEFAULT_LIFE = 60;
const CLIENT_ID = 'pratique';

export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const { credential, world } = options;
  let challenge = chooseChallenge(options.challenges);
  let token: Promise<Token> | undefined;
  let expires = 0;

  async function bearer(asked: Challenge, signal: AbortSignal): Promise<string> {
    if (token && world.clock.now().getTime() >= expires) token = undefined;
    if (!token) {
      // Requests at the same time share the one that fetches the token.
      expires = Number.POSITIVE_INFINITY;
      const started = (token = fetchToken(asked, options, signal));
      started.then(
        // Renewed a little early, so that it does not end on its way.
        ({ lifetime }) => (expires = world.clock.now().getTime() + lifetime * 900),
        () => (token = token === started ? undefined : token),
      );
    }
    return `Bearer ${(await token).value}`;
  }

  return {
    async header(signal) {
      if (credential.kind === 'bearer') return `Bearer ${credential.token}`;
      if (challenge?.scheme === 'bearer') return bearer(challenge, signal);
      if (challenge?.scheme === 'basic' && credential.kind === 'password') return basic(credential);
      return undefined;
    },
    challenged(challenges) {
      const before = challenge;
      const next = chooseChallenge(challenges);
      if (credential.kind === 'bearer' || !next) return false;
      challenge = next;
      token = undefined;
      if (next.scheme === 'bearer') return true;
      return credential.kind === 'password' && before?.scheme !== 'basic';
    },
  };
}

interface Token {
  readonly value: string;
  /** Seconds. */
  readonly lifetime: number;
}

async function fetchToken(challenge: Challenge, options: AuthorizerOptions, signal: AbortSignal): Promise<Token> {
  const { credential, http, world, policy } = options;
  const realm = realmOf(challenge, options);
  const service = challenge.parameters.get('service');
  const scopes = new Set([`repository:${options.repository}:pull`, challenge.parameters.get('scope') ?? '']);
  scopes.delete('');
  const ask = (request: HttpRequest): Promise<HttpResponse> =>
    withRetries(() => http.request({ ...request, signal }), policy, world, signal);

  let response: HttpResponse | undefined;
  if (credential.kind === 'identity') {
    response = await ask(exchange(realm, credential.token, service, [...scopes].join(' ')));
    if (response.status === 404 || response.status === 405) {
      await response.discard();
      response = undefined;
    }
  }
  response ??= await ask(question(realm, credential, service, [...scopes]));
  if (response.status !== 200) throw await options.refused(response);
  return tokenIn(await answerOf(response, options), options);
}

/** POST with the refresh token. */
function exchange(realm: URL, refreshToken: string, service: string | undefined, scope: string): HttpRequest {
  const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: CLIENT_ID, scope });
  if (service) form.set('service', service);
  form.set('refresh_token', refreshToken);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { url: realm, method: 'POST', headers, body: form.toString() };
}

/** GET with user name and password, or without. */
function question(
  realm: URL,
  credential: Credential,
  service: string | undefined,
  scopes: readonly string[],
): HttpRequest {
  const url = new URL(realm);
  if (service) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (credential.kind === 'password') return { url, headers: { authorization: basic(credential) } };
  if (credential.kind === 'identity') {
    return { url, headers: { authorization: basic({ username: '<token>', password: credential.token }) } };
  }
  return { url };
}

function realmOf(challenge: Challenge, options: AuthorizerOptions): URL {
  const { registry, secure } = options;
  const fail = (reason: string): PratiqueError => new PratiqueError('registry/bad-answer', { registry, reason });
  let realm: URL;
  try {
    realm = new URL(challenge.parameters.get('realm') ?? '');
  } catch {
    throw fail('the address of its token server is not a URL');
  }
  if (realm.protocol !== 'https:' && realm.protocol !== 'http:') throw fail('its token server is not a web address');
  if (secure && realm.protocol === 'http:') throw fail('its token server is at a plain http address');
  return realm;
}

async function answerOf(response: HttpResponse, { registry }: AuthorizerOptions): Promise<unknown> {
  try {
    return await response.json(MAX_ANSWER);
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof LimitError)) throw error;
    throw new PratiqueError('registry/bad-answer', { registry, reason: 'no token from its token server' }, error);
  }
}

function tokenIn(answer: unknown, { registry }: AuthorizerOptions): Token {
  const fields = (answer ?? {}) as { token?: unknown; access_token?: unknown; expires_in?: unknown };
  const value = fields.token || fields.access_token;
  // Anything else could not be sent in a header.
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw new PratiqueError('registry/bad-answer', { registry, reason: 'no token from its token server' });
  }
  const life = fields.expires_in;
  return { value, lifetime: typeof life === 'number' && life > 0 ? Math.min(life, 86_400) : DEFAULT_LIFE };
}

const basic = ({ username, password }: { readonly username: string; readonly password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
