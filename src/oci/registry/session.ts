/** Requests to one repository with one credential: authorized, repeated where that may help. */
import type { PratiqueError } from '#base';
import type { HttpRequest, HttpResponse } from '#platform';
import type { Reference } from '../reference.js';
import { createAuthorizer } from './authorizer.js';
import { parseChallenges } from './challenge.js';
import { type Credential, secretsOf } from './credential.js';
import type { Probed, ProbeTools } from './probe.js';
import { statusError } from './registry-error.js';
import { withRetries } from './retry.js';

export interface Session {
  readonly reference: Reference;
  readonly credential: Credential;
  /** Scheme and host of the registry. */
  readonly origin: string;
  /**
   * `path` is below the repository, `manifests/latest`, or begins with a slash. Answers of any status; `NetworkError` when
   * none came.
   */
  send(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    content?: Pick<HttpRequest, 'method' | 'body'>,
  ): Promise<HttpResponse>;
  /** The error for an unwanted answer. */
  refused(response: HttpResponse, name: string): Promise<PratiqueError>;
}

export interface SessionOptions {
  readonly reference: Reference;
  readonly credential: Credential;
  readonly probed: Probed;
  readonly tools: ProbeTools;
  readonly advice: () => string;
}

export function openSession({ reference, credential, probed, tools, advice }: SessionOptions): Session {
  const { http, world, policy } = tools;
  const { registry, repository } = reference;
  const secrets = secretsOf(credential);
  const refused = (response: HttpResponse, name: string): Promise<PratiqueError> =>
    statusError(response, { name, registry, secrets, advice });
  const authorizer = createAuthorizer({
    registry,
    repository,
    secure: probed.origin.startsWith('https:') && !tools.insecure,
    credential,
    challenges: probed.challenges,
    http,
    world,
    policy,
    refused: (response) => refused(response, reference.name),
  });

  async function send(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    content: Pick<HttpRequest, 'method' | 'body'> = {},
  ): Promise<HttpResponse> {
    const url = path.startsWith('/') ? `${probed.origin}${path}` : `${probed.origin}/v2/${repository}/${path}`;
    for (let round = 0; ; round++) {
      const authorization = await authorizer.header(signal);
      const sent = { ...headers, ...(authorization !== undefined && { authorization }) };
      const response = await withRetries(
        () => http.request({ ...content, url, headers: sent, signal }),
        policy,
        world,
        signal,
      );
      world.log.debug('Registry answered', { url, status: response.status });
      const asked = response.status === 401 ? parseChallenges(response.header('www-authenticate')) : [];
      if (asked.length === 0 || round > 0 || !authorizer.challenged(asked)) return response;
      await response.discard();
    }
  }

  return { reference, credential, origin: probed.origin, send, refused };
}
