/**
 * Image references as users type them, and their full names.
 * Grammar: https://github.com/distribution/reference/blob/main/reference.go — Docker's defaults: registry
 * `index.docker.io`, `library/` before a single-part name there, tag `latest`. With a digest, the tag is not looked up.
 */
import { compact, PratiqueError } from '#base';
import { parseDigest } from './digest.js';

export interface Reference {
  /** As given. */
  readonly text: string;
  /** `host` or `host:port`. */
  readonly registry: string;
  /** Path below the registry, `library/` included. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
  /** What the registry is asked for: the digest, or else the tag. */
  readonly identifier: string;
  /** Full name: `index.docker.io/library/alpine:3.20` or `…@sha256:…`. */
  readonly name: string;
}

export const defaultRegistry = 'index.docker.io';
const MAX_NAME = 255;

export interface ReferenceOptions {
  /** In place of `latest` when there is neither tag nor digest. */
  readonly defaultTag?: string;
}

/** Throws `reference/invalid`. */
export function parseReference(text: string, options: ReferenceOptions = {}): Reference {
  const fail = (reason: string): PratiqueError => new PratiqueError('reference/invalid', { reference: text, reason });
  if (text.length > 2 * MAX_NAME + 512) throw fail('too long');
  const { rest, digest } = splitDigest(text, fail);
  const { base, tag } = splitTag(rest, fail);
  const { registry, path } = splitRegistry(base, fail);
  if (path === '') throw fail('the name is missing');
  if (path !== path.toLowerCase()) throw fail('the repository name must be lower case');
  if (!/^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/.test(path)) {
    throw fail('the repository name may hold a-z, 0-9 and single . _ / between them');
  }
  const repository = registry === defaultRegistry && !path.includes('/') ? `library/${path}` : path;
  if (repository.length > MAX_NAME) throw fail(`the name is longer than ${MAX_NAME} characters`);
  return assemble({
    text,
    registry,
    repository,
    digest,
    tag: tag ?? (digest ? undefined : (options.defaultTag ?? 'latest')),
  });
}

/** `undefined` for what is no reference: engines and reports may name anything. */
export function tryReference(text: string): Reference | undefined {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof PratiqueError) return undefined;
    throw error;
  }
}

/** The same image at another registry; `mirror` is a host, or a host with a path to put before the repository. */
export function atMirror(reference: Reference, mirror: string): Reference {
  const { text, repository, tag, digest, registry } = reference;
  const place = mirror.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  const slash = place.indexOf('/');
  const host = slash < 0 ? place : place.slice(0, slash);
  if (!isHost(host)) {
    throw new PratiqueError('reference/invalid', { reference: mirror, reason: `not a mirror of ${registry}` });
  }
  const prefix = slash < 0 ? '' : `${place.slice(slash + 1)}/`;
  return assemble({ text, registry: aliased(host), repository: prefix + repository, tag, digest });
}

interface Parts {
  readonly text: string;
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

function assemble({ text, registry, repository, tag, digest }: Parts): Reference {
  const context = `${registry}/${repository}`;
  return {
    text,
    registry,
    repository,
    ...compact({ tag, digest }),
    identifier: digest ?? tag!,
    name: digest ? `${context}@${digest}` : `${context}:${tag!}`,
  };
}

type Fail = (reason: string) => PratiqueError;

function splitDigest(text: string, fail: Fail): { rest: string; digest: string | undefined } {
  const at = text.indexOf('@');
  if (at < 0) return { rest: text, digest: undefined };
  const digest = text.slice(at + 1);
  if (!parseDigest(digest)) throw fail('what follows @ is not a digest like sha256:<64 hex digits>');
  return { rest: text.slice(0, at), digest };
}

function splitTag(text: string, fail: Fail): { base: string; tag: string | undefined } {
  const colon = text.lastIndexOf(':');
  // A colon before a slash belongs to the port of the registry.
  if (colon < 0 || text.includes('/', colon)) return { base: text, tag: undefined };
  const tag = text.slice(colon + 1);
  if (!/^\w[\w.-]{0,127}$/.test(tag)) throw fail('the tag may hold up to 128 letters, digits, _ . and -');
  return { base: text.slice(0, colon), tag };
}

function splitRegistry(base: string, fail: Fail): { registry: string; path: string } {
  const slash = base.indexOf('/');
  const first = slash < 0 ? '' : base.slice(0, slash);
  if (first === '' && slash === 0) throw fail('the registry is missing before the first /');
  // A first part without dot or port is a namespace at the default registry.
  if (!/[.:]/.test(first) && first !== 'localhost') return { registry: defaultRegistry, path: base };
  if (!isHost(first)) throw fail('the registry is not a host name');
  return { registry: aliased(first), path: base.slice(slash + 1) };
}

const aliased = (host: string): string => (host === 'docker.io' ? defaultRegistry : host);

function isHost(text: string): boolean {
  const found =
    /^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::(\d{1,5}))?$/.exec(
      text,
    );
  return found !== null && text.length <= MAX_NAME && (found[1] === undefined || Number(found[1]) < 65_536);
}
