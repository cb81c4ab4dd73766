/** One watch request. Silence longer than the watch itself means that the connection is dead. */
import type { WatchEvent, WatchOptions } from './client.js';
import { listWords, metadataAccept } from './list-pages.js';
import type { KubernetesObject, ResourceType } from './object.js';
import { resourcePath } from './resource-path.js';
import type { Transport } from './transport.js';
import { readEvents } from './watch-stream.js';

/** Seconds; many clients must not come back at the same moment. */
const duration = (): number => 240 + Math.floor(Math.random() * 240);
const GRACE = 30;

export function watch<T extends KubernetesObject>(
  transport: Transport,
  type: ResourceType<T>,
  options: WatchOptions,
): AsyncIterable<WatchEvent<T>> {
  const { namespace, labelSelector, fieldSelector, resourceVersion, metadataOnly } = options;
  const timeoutSeconds = options.duration ?? duration();
  const what = listWords(type, options).replace('list', 'watch');
  const query = { watch: 1, allowWatchBookmarks: true, labelSelector, fieldSelector, resourceVersion, timeoutSeconds };
  const body = transport.stream({
    method: 'GET',
    path: resourcePath(type, { namespace, query }),
    what,
    signal: options.signal,
    idleTimeout: (timeoutSeconds + GRACE) * 1000,
    ...(metadataOnly && { accept: metadataAccept('PartialObjectMetadata') }),
  });
  return readEvents<T>(body, what);
}
