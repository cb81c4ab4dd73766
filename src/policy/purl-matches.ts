/**
 * Whether a package URL is meant by another that may say less: type, namespace and name are equal, version and subpath
 * where the pattern has them, and every qualifier of the pattern.
 */
import { FormatError } from '#base';
import { decodePurl, type PackageUrl } from '#formats';

export function purlMatches(pattern: PackageUrl, purl: PackageUrl): boolean {
  if (pattern.type !== purl.type || pattern.name !== purl.name) return false;
  if ((pattern.namespace ?? '') !== (purl.namespace ?? '')) return false;
  if (pattern.version !== undefined && pattern.version !== purl.version) return false;
  if (pattern.subpath !== undefined && pattern.subpath !== purl.subpath) return false;
  for (const [key, value] of pattern.qualifiers ?? []) if (purl.qualifiers?.get(key) !== value) return false;
  return true;
}

/** Reads package URLs of packages, each text once; `undefined` for a text that is none. */
export function createPurlReader(): (text: string | undefined) => PackageUrl | undefined {
  const known = new Map<string, PackageUrl | undefined>();
  return (text) => {
    if (!text) return undefined;
    if (!known.has(text)) known.set(text, decode(text));
    return known.get(text);
  };
}

function decode(text: string): PackageUrl | undefined {
  try {
    return decodePurl(text);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
