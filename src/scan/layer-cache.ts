/**
 * Layer records by what they depend on: the layer's content, the extractors with their revisions, and the path filters.
 * A record that cannot be parsed is taken for absent and written anew.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { LayerRecord } from '#model';
import { recordStore, type World } from '#platform';

/** Raised when the shape of `LayerRecord` changes. */
const shape = 1;

export interface LayerCache {
  get(diffId: string): LayerRecord | undefined;
  put(diffId: string, record: LayerRecord): Promise<void>;
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
  const keyOf = (diffId: string): string =>
    createHash('sha256')
      .update(JSON.stringify([shape, diffId, signature]))
      .digest('hex');
  let written = false;
  return {
    get(diffId) {
      const text = store.get(keyOf(diffId));
      return text === undefined ? undefined : parse(text, diffId);
    },
    async put(diffId, record) {
      written = true;
      await store.put(keyOf(diffId), JSON.stringify(record));
    },
    async close() {
      if (written) await store.evict(maxSize);
    },
  };
}

function parse(text: string, diffId: string): LayerRecord | undefined {
  try {
    const record = JSON.parse(text) as LayerRecord;
    return record.diffId === diffId && Array.isArray(record.packageFiles) && Array.isArray(record.applications)
      ? record
      : undefined;
  } catch {
    return undefined;
  }
}
