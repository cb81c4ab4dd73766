/** What is to be cloned and how, within which limits, and what can go wrong. */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import { variableFor } from './token.js';
import type { GitCredentials, GitUrl } from './url.js';

export interface CloneOptions {
  readonly branch?: string | undefined;
  /** Wins over the branch. */
  readonly tag?: string | undefined;
  /** Hexadecimal; the whole history is fetched for it. */
  readonly commit?: string | undefined;
  /** Certificates are not checked, and tokens may go over plain http. */
  readonly insecure?: boolean | undefined;
  readonly caFile?: string | undefined;
}

export interface CloneRequest extends CloneOptions {
  readonly url: GitUrl;
  readonly credentials?: GitCredentials;
  /** A temporary directory of this clone's own. */
  readonly scratch: string;
  /** Where the work tree goes; does not exist yet. */
  readonly tree: string;
}

/** Bytes. */
export const cloneLimits = { history: 8 * 1024 ** 3, tree: 16 * 1024 ** 3 } as const;

export function noSuchRevision(url: GitUrl, kind: string, name: string): PratiqueError {
  return new PratiqueError('git/no-such-revision', { url: url.text, kind, name });
}

/** `denied`: the server wants other credentials than it got, or does not admit that the repository exists. */
export function cloneFailed(
  { url, credentials }: CloneRequest,
  reason: string,
  world: World,
  denied = false,
  cause?: unknown,
): PratiqueError {
  const variable = variableFor(url, world.env);
  const advice = !denied
    ? 'check the address and the network'
    : credentials
      ? 'check that it exists, and that the credentials may read it'
      : `check that it exists; for a private one ${variable ? `set ${variable}` : 'give credentials in the URL or to git'}`;
  const shown = credentials?.password ? reason.replaceAll(credentials.password, '***') : reason;
  return new PratiqueError('git/clone-failed', { url: url.text, reason: shown, advice }, cause);
}
