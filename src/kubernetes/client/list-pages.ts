/**
 * Lists in pages. A page whose answer is too large is asked for again with fewer objects; a position that expired begins
 * the list again, in one piece the second time.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
import { FormatError, LimitError } from '#base';
import type { ListOptions, ObjectPage } from './client.js';
import { isExpired } from './kubernetes-error.js';
import type { KubernetesObject, ResourceType } from './object.js';
import { resourcePath } from './resource-path.js';
import type { Transport } from './transport.js';

const PAGE_SIZE = 500;
const MAX_PAGE = 48 * 1024 * 1024;
const MAX_WHOLE = 512 * 1024 * 1024;

export async function* listPages<T extends KubernetesObject>(
  transport: Transport,
  type: ResourceType<T>,
  options: ListOptions,
): AsyncGenerator<ObjectPage<T>> {
  let limit = options.pageSize ?? PAGE_SIZE;
  let position: string | undefined;
  let restarted = false;
  for (let expired = 0; ;) {
    const whole = expired > 1;
    let page: Omit<ObjectPage<T>, 'restarted'>;
    try {
      page = await fetchPage(transport, type, options, { limit: whole ? undefined : limit, position });
    } catch (error) {
      if (error instanceof LimitError && limit > 1 && !whole) {
        limit = Math.max(1, Math.floor(limit / 4));
        continue;
      }
      if (!isExpired(error) || position === undefined) throw error;
      expired++;
      position = undefined;
      restarted = true;
      continue;
    }
    yield { ...page, restarted };
    restarted = false;
    position = page.metadata.continue || undefined;
    if (position === undefined) return;
  }
}

async function fetchPage<T extends KubernetesObject>(
  transport: Transport,
  type: ResourceType<T>,
  options: ListOptions,
  { limit, position }: { readonly limit: number | undefined; readonly position: string | undefined },
): Promise<Omit<ObjectPage<T>, 'restarted'>> {
  const { namespace, labelSelector, fieldSelector, metadataOnly } = options;
  const path = resourcePath(type, { namespace, query: { labelSelector, fieldSelector, limit, continue: position } });
  const what = listWords(type, options);
  const answer = await transport.json(
    {
      method: 'GET',
      path,
      what,
      signal: options.signal,
      timeout: options.timeout,
      ...(metadataOnly && { accept: metadataAccept('PartialObjectMetadataList') }),
    },
    limit === undefined ? MAX_WHOLE : MAX_PAGE,
  );
  // API servers write an empty list of metadata as `null`.
  const { metadata, items: found } = answer as Partial<ObjectPage<T>>;
  const items = found === null ? [] : found;
  if (!Array.isArray(items) || typeof metadata !== 'object') throw new FormatError(`${what}: not a list`);
  return { metadata, items };
}

/** Servers too old to leave the rest out answer with whole objects. */
export const metadataAccept = (kind: string): string =>
  `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`;

export function listWords(type: ResourceType, { namespace }: Pick<ListOptions, 'namespace'>): string {
  return `list ${type.plural}${namespace ? ` in ${namespace}` : ''}`;
}
