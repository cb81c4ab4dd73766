/**
 * Layer records by what they depend on: the layer's content, the extractors with their revisions, and the path filters;
 * beside them image configurations by digest, so that a scan of a known image asks the registry for the manifest only.
 * A record that cannot be parsed, or a configuration that has not its digest, is taken for absent and written anew.
 */
import { join } from 'node:path';
import type { ConfigCache } from '#artifact';
import { createHash } from '#base';
import type { LayerRecord } from '#model';
import { digestOf, parseDigest } from '#oci';
import { recordStore, type World } from '#platform';

/** Raised when the shape of `LayerRecord` changes. */
const shape = 1;

export interface LayerCache {
  get(contentKey: string): LayerRecord | undefined;
  put(contentKey: string, record: LayerRecord): Promise<void>;
  readonly configs: ConfigCache;
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
  const keyOf = (contentKey: string): string => hashOf([shape, contentKey, signature]);
  let written = false;
  const write = async (key: string, record: string): Promise<void> => {
    written = true;
    await store.put(key, record);
  };
  return {
    get(contentKey) {
      const text = store.get(keyOf(contentKey));
      return text === undefined ? undefined : parse(text);
    },
    put: (contentKey, record) => write(keyOf(contentKey), JSON.stringify(record)),
    configs: {
      get(digest) {
        const text = store.get(hashOf(['config', digest]));
        const bytes = text === undefined ? undefined : Buffer.from(text);
        return bytes && digestOf(bytes, parseDigest(digest)?.algorithm) === digest ? bytes : undefined;
      },
      put: (digest, bytes) => write(hashOf(['config', digest]), Buffer.from(bytes).toString()),
    },
    async close() {
      if (written) await store.evict(maxSize);
    },
  };
}

const hashOf = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

function parse(text: string): LayerRecord | undefined {
  try {
    const record = JSON.parse(text) as LayerRecord;
    return Array.isArray(record.packageFiles) && Array.isArray(record.applications) ? record : undefined;
  } catch {
    return undefined;
  }
}
