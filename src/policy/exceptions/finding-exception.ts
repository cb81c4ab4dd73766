/**
 * Findings that somebody accepts for a time: a `VulnerabilityException` resource, or an exception of an `ImagePolicy`.
 * Reads   one table; of ids, packages, purls and images all that are given must match, and one must be given.
 * Limits  those of `TableReader`.
 * Errors  `FormatError` with the path of the field; unknown fields are errors.
 */
import { createHash, FormatError } from '#base';
import { decodePurl, type PackageUrl } from '#formats';
import { TableReader } from '../table-reader.js';
import { compileImageGlob, type ImageGlob } from './image-glob.js';

export interface FindingException {
  /** For messages and audits: `VulnerabilityException shop/openssl`. */
  readonly name: string;
  /** Of name and content: equal exceptions have equal hashes. */
  readonly hash: string;
  /** Of vulnerabilities, or of what the vendor calls them. */
  readonly ids: readonly string[];
  readonly packages: readonly string[];
  readonly purls: readonly PackageUrl[];
  /** Globs of `registry/repository`, or of that with `@sha256:…` behind it. */
  readonly images: readonly ImageGlob[];
  /** The first instant at which it does not count any more, milliseconds since 1970. */
  readonly expires: number;
  readonly owner?: string;
  readonly reason: string;
}

/** What a `VulnerabilityException` says; it must name its owner. */
export function parseException(spec: unknown, name: string): FindingException {
  const read = new TableReader(spec ?? {}, 'spec');
  const owner = read.text('owner');
  return readException(read, name, spec, owner);
}

/** One of the exceptions of a policy, whose owner is that of the policy. */
export const readPolicyException = (read: TableReader, name: string): FindingException =>
  readException(read, name, read.value, read.optionalText('owner'));

function readException(read: TableReader, name: string, spec: unknown, owner: string | undefined): FindingException {
  const ids = read.texts('ids');
  const packages = read.texts('packages');
  const purls = read.texts('purls');
  const globs = read.texts('images');
  const found: FindingException = {
    name,
    hash: createHash('sha256')
      .update(JSON.stringify([name, spec]))
      .digest('hex')
      .slice(0, 16),
    ids,
    packages,
    purls: purls.map((text) => packageUrl(text, read.path)),
    images: globs.map((glob) => readImageGlob(glob, read.path)),
    expires: expiry(read.text('expires'), read.path),
    reason: read.text('reason'),
    ...(owner !== undefined && { owner }),
  };
  read.end();
  if (ids.length + packages.length + purls.length + globs.length === 0)
    throw new FormatError(`${read.path}: an exception names ids, packages, purls or images`);
  return found;
}

/** A date is its whole day, in UTC. */
function expiry(text: string, path: string): number {
  const [, day, rest] = /^(\d{4}-\d\d-\d\d)(T.*(?:Z|[+-]\d\d:\d\d))?$/.exec(text) ?? [];
  const midnight = day === undefined ? NaN : Date.parse(`${day}T00:00:00Z`);
  // Days such as 2030-02-31 would move into the next month.
  const isDay = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day!);
  const time = !isDay ? NaN : rest === undefined ? midnight + 86_400_000 : Date.parse(text);
  if (Number.isNaN(time)) throw new FormatError(`${path}.expires: a date like 2026-12-31 is expected`);
  return time;
}

/** Of `registry/repository`; throws `FormatError` with the path of the field. */
export function readImageGlob(glob: string, path: string): ImageGlob {
  try {
    return compileImageGlob(canonicalRegistry(glob));
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`${path}.images: ${cause.message}`, { cause });
  }
}

function packageUrl(text: string, path: string): PackageUrl {
  try {
    return decodePurl(text);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`${path}.purls: ${text}: ${cause.message}`, { cause });
  }
}

/** Docker Hub has two names. */
export function canonicalRegistry(text: string): string {
  return text.replace(/^docker\.io(?=\/|$)/, 'index.docker.io').replace(/\/+$/, '');
}
