/**
 * What refers to an image: signatures, attestations and bills of materials that name its digest as their subject.
 * Registries without the API keep the list under a tag made of the digest.
 * Limits  8 MiB and 100 pages of answers, 10,000 entries each.
 * Errors  `registry/bad-manifest` for a list that is none; an image nobody refers to has an empty list.
 * Source  https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers and
 *         #unavailable-referrers-api
 */
import { limits, PratiqueError } from '#base';
import type { Descriptor } from '../descriptor.js';
import { parseManifest } from '../manifest.js';
import { mediaTypes } from '../media-types.js';
import type { Session } from './session.js';

const maxPages = 100;

/** `digest` is the subject's. */
export async function fetchReferrers(
  session: Session,
  digest: string,
  signal: AbortSignal,
): Promise<readonly Descriptor[]> {
  const listed = await listPages(session, digest, signal);
  return listed ?? (await readList(session, `manifests/${digest.replace(':', '-')}`, signal))?.descriptors ?? [];
}

/** `undefined` when the registry does not know the API. */
async function listPages(session: Session, digest: string, signal: AbortSignal): Promise<Descriptor[] | undefined> {
  const found: Descriptor[] = [];
  let path: string | undefined = `referrers/${digest}`;
  for (let page = 0; path !== undefined && page < maxPages; page++) {
    const list: Page | undefined = await readList(session, path, signal);
    if (!list) return page === 0 ? undefined : found;
    for (const descriptor of list.descriptors) found.push(descriptor);
    path = list.next;
  }
  return found;
}

interface Page {
  readonly descriptors: readonly Descriptor[];
  /** Below the repository. */
  readonly next?: string;
}

async function readList(session: Session, path: string, signal: AbortSignal): Promise<Page | undefined> {
  const { registry, repository } = session.reference;
  const name = `${registry}/${repository}: ${path}`;
  const response = await session.send(path, { accept: mediaTypes.ociIndex }, signal);
  if (response.status === 404 || response.status === 405) {
    await response.discard();
    return undefined;
  }
  if (response.status !== 200) throw await session.refused(response, name);
  const document = parseManifest(await response.bytes(limits.manifest), response.header('content-type'), name);
  if (document.kind !== 'index') throw new PratiqueError('registry/bad-manifest', { name, reason: 'not a list' });
  const next = nextPath(response.header('link'), repository);
  return { descriptors: document.manifests, ...(next !== undefined && { next }) };
}

/** Only within the same list: a registry may not send us elsewhere. */
function nextPath(link: string | undefined, repository: string): string | undefined {
  const target = /<([^<>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return undefined;
  const { pathname, search } = new URL(target, 'https://registry.invalid/');
  const prefix = `/v2/${repository}/`;
  return pathname.startsWith(`${prefix}referrers/`) ? pathname.slice(prefix.length) + search : undefined;
}
