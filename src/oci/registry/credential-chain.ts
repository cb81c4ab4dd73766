/**
 * Which credentials are tried for an image, in order: `--registry-token` alone; or every `--username`/`--password` pair,
 * the caller's keyring, Docker's configuration and its helpers, GITHUB_TOKEN for ghcr.io, and none at all.
 */
import type { World } from '#platform';
import type { Reference } from '../reference.js';
import { askHelper } from './credential-program.js';
import { anonymous, type Credential, passwordCredential } from './credential.js';
import { credentialInFile, type DockerConfig, helperFor, readDockerConfigs } from './docker-config.js';

export interface CredentialOptions {
  /** `--username` with `--password`, in order. */
  readonly credentials?: readonly { readonly username: string; readonly password: string }[];
  /** `--registry-token`: replaces everything else. */
  readonly registryToken?: string;
  /** Credentials kept elsewhere, as in pull secrets; asked for the image, and for it at each mirror. */
  readonly keyring?: Keyring;
}

export type Keyring = (reference: Reference) => readonly {
  readonly username: string;
  readonly password: string;
  /** Where it is kept, for messages. */
  readonly source: string;
}[];

export type CredentialChain = (reference: Reference, signal: AbortSignal) => AsyncIterable<Credential>;

/** Files are read and helpers run only when the chain gets that far; each once. */
export function createCredentialChain(options: CredentialOptions, world: World): CredentialChain {
  let configs: Promise<DockerConfig[]> | undefined;
  const helped = new Map<string, Promise<Credential | undefined>>();

  async function* stored(reference: Reference, signal: AbortSignal): AsyncGenerator<Credential, void> {
    for (const config of await (configs ??= readDockerConfigs(world))) {
      const helper = helperFor(config, reference);
      if (helper) {
        const key = `${helper.name} ${helper.server}`;
        const answer = helped.get(key) ?? askHelper(helper.name, helper.server, world, signal);
        helped.set(key, answer);
        // An abort must not be remembered as the helper's answer.
        answer.catch(() => helped.delete(key));
        const found = await answer;
        if (found) yield found;
      }
      const found = credentialInFile(config, reference);
      if (found) yield found;
    }
  }

  return async function* (reference, signal) {
    if (options.registryToken) {
      yield { kind: 'bearer', token: options.registryToken, source: '--registry-token' };
      return;
    }
    for (const { username, password } of options.credentials ?? []) {
      yield passwordCredential(username, password, '--username');
    }
    for (const { username, password, source } of options.keyring?.(reference) ?? []) {
      yield passwordCredential(username, password, source);
    }
    yield* stored(reference, signal);
    const token = world.env['GITHUB_TOKEN'];
    // The registry looks at the token only; it wants some user name.
    if (reference.registry === 'ghcr.io' && token) yield passwordCredential('token', token, 'GITHUB_TOKEN');
    yield anonymous;
  };
}

/** What to do when a registry asks for credentials, by host. */
export function credentialAdvice({ registry }: Reference, tried: readonly string[]): string {
  const used = tried.length > 0 ? `refused: credentials of ${[...new Set(tried)].join(', ')}; ` : '';
  return used + adviceFor(registry);
}

const ECR = /(^|\.)dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|sc2s\.sgov\.gov|c2s\.ic\.gov|on\.aws)$/;

function adviceFor(registry: string): string {
  if (ECR.test(registry)) {
    return 'set credHelpers in Docker’s config.json to ecr-login (docker-credential-ecr-login), or give --username AWS and the password of "aws ecr get-login-password"';
  }
  if (registry !== 'mirror.gcr.io' && (/(^|\.)gcr\.io$/.test(registry) || registry.endsWith('-docker.pkg.dev'))) {
    return 'run "gcloud auth configure-docker" (docker-credential-gcloud), or give --username oauth2accesstoken and the password of "gcloud auth print-access-token"';
  }
  if (/\.azurecr\.(io|cn|us)$/.test(registry)) {
    return 'run "az acr login", or set credHelpers in Docker’s config.json to acr-env (docker-credential-acr-env)';
  }
  if (registry === 'ghcr.io')
    return 'set GITHUB_TOKEN to a token that may read packages, or run "docker login ghcr.io"';
  const host = registry === 'index.docker.io' ? '' : ` ${registry}`;
  return `check the name; for a private image run "docker login${host}", or give --username and --password`;
}
