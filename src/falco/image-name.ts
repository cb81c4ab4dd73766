/**
 * Names of images as container runtimes tell them to Falco.
 * Reads   references as reports and alerts hold them.
 * Yields  the full name (`docker.io/library/alpine`), and for Docker's own registry the short ones the Docker engine
 *         tells: `alpine`. What is no reference yields nothing, so that no other text gets any further.
 * Source  https://github.com/distribution/reference/blob/main/reference.go
 */
import { compact, PratiqueError } from '#base';
import { defaultRegistry, parseDigest, parseReference } from '#oci';

export interface ImageName {
  /** With the registry, without tag and digest. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

export function imageName(text: string): ImageName | undefined {
  try {
    const { registry, repository, tag, digest } = parseReference(text);
    const host = registry === defaultRegistry ? 'docker.io' : registry.toLowerCase();
    return compact({ repository: `${host}/${repository}`, tag, digest });
  } catch (error) {
    if (error instanceof PratiqueError) return undefined;
    throw error;
  }
}

/** The full name first. */
export function spellings(repository: string): string[] {
  const path = /^docker\.io\/(.+)$/s.exec(repository)?.[1];
  if (path === undefined) return [repository];
  const short = /^library\/(.+)$/s.exec(path)?.[1];
  return short === undefined ? [repository, path] : [repository, path, short];
}

export const isDigest = (text: string): boolean => parseDigest(text) !== undefined;
