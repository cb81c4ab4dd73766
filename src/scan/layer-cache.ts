/**
 * Layer records by what they depend on: the layer's content, the extractors with their revisions, and the path filters.
 * A record that cannot be parsed is taken for absent and written anew.
 */
import { join } from 'node:path';
import { createHash } from '#base';
import type { LayerRecord } from '#model';
import { recordStore, type World } from '#platform';

/** Raised when the shape of `LayerRecord` changes. */
const shape = 1;

export interface LayerCache {
  get(contentKey: string): LayerRecord | undefined;
  put(contentKey: string, record: LayerRecord): Promise<void>;
  /** Call at the end: keeps the cache under its limit when something was written. */
  close(): Promise<void>;
}

export interface LayerCacheOptions {
  readonly cacheDir: string;
  /** Bytes. */
  readonly maxSize: number;
  /** Whatever else a record depends on. */
  readonly signature: string;
}

export function layerCacheDirectory(cacheDir: string): string {
  return join(cacheDir, 'pratique', 'layers');
}

export function openLayerCache({ cacheDir, maxSize, signature }: LayerCacheOptions, world: World): LayerCache {
  const store = recordStore(layerCacheDirectory(cacheDir), world.clock.now);
  const keyOf = (contentKey: string): string =>
    createHash('sha256')
      .update(JSON.stringify([shape, contentKey, signature]))
      .digest('hex');
  let written = false;
  return {
    get(contentKey) {
      const text = store.get(keyOf(contentKey));
      return text === undefined ? undefined : parse(text);
    },
    async put(contentKey, record) {
      written = true;
      await store.put(keyOf(contentKey), JSON.stringify(record));
    },
    async close() {
      if (written) await store.evict(maxSize);
    },
  };
}

function parse(text: string): LayerRecord | undefined {
  try {
    const record = JSON.parse(text) as LayerRecord;
    return Array.isArray(record.packageFiles) && Array.isArray(record.applications) ? record : undefined;
  } catch {
    return undefined;
  }
}
