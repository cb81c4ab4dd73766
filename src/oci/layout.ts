/**
 * OCI image layouts: a directory with `oci-layout`, `index.json` and `blobs/<algorithm>/<hex>`.
 * Pure: names and documents in, names and descriptors out; whoever reads the files does so elsewhere.
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
import { compact, PratiqueError } from '#base';
import type { Descriptor } from './descriptor.js';
import { parseDigest } from './digest.js';
import type { ImageIndex } from './manifest.js';

/** Path of a blob below the layout's root. Only hex digits follow the algorithm, so it cannot lead elsewhere. */
export function blobPath(digest: string): string {
  const parsed = parseDigest(digest);
  if (!parsed) throw new PratiqueError('layout/invalid', { path: 'blobs', reason: 'a digest in it is not valid' });
  return `blobs/${parsed.algorithm}/${parsed.hex}`;
}

/** Whether the content of an `oci-layout` file says a version that is understood. */
export function isLayoutMarker(bytes: Uint8Array): boolean {
  if (bytes.length > 4096) return false;
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as { imageLayoutVersion?: unknown } | null;
    return typeof value?.imageLayoutVersion === 'string' && /^1\.\d+\.\d+$/.test(value.imageLayoutVersion);
  } catch {
    return false;
  }
}

/** `path`, `path:tag` or `path@sha256:…`. A single letter before a colon is a Windows drive. */
export function splitLayoutName(text: string): { path: string; tag?: string; digest?: string } {
  const at = text.lastIndexOf('@');
  if (at > 0 && parseDigest(text.slice(at + 1))) return { path: text.slice(0, at), digest: text.slice(at + 1) };
  const found = /^(.{2,}):(\w[\w.-]{0,127})$/s.exec(text);
  return found ? { path: found[1]!, tag: found[2]! } : { path: text };
}

/** The entry of a layout's `index.json` that is wanted: by digest, by its reference name, or else the first one. */
export function selectFromLayout(
  index: ImageIndex,
  wanted: { readonly tag?: string; readonly digest?: string },
  path: string,
): Descriptor {
  const { tag, digest } = wanted;
  const found = index.manifests.find((entry) => {
    if (digest !== undefined) return entry.digest === digest;
    return tag === undefined || namesOf(entry).includes(tag);
  });
  if (found) return found;
  const known = index.manifests.flatMap((entry) => namesOf(entry).slice(0, 1));
  const missing = digest ?? tag;
  const there = known.length > 0 ? ` (there: ${known.slice(0, 10).join(', ')})` : '';
  const reason = missing === undefined ? 'it holds no image' : `it holds no image ${missing}${there}`;
  throw new PratiqueError('layout/invalid', { path, reason });
}

/** The reference name as such, and its tag where it is a full reference. */
function namesOf(entry: Descriptor): string[] {
  const names = compact({ name: entry.annotations?.['org.opencontainers.image.ref.name'] });
  if (names.name === undefined) return [];
  const tag = /:([\w][\w.-]*)$/.exec(names.name)?.[1];
  return tag === undefined ? [names.name] : [names.name, tag];
}
