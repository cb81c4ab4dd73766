/**
 * What was found in images, kept by digest and platform: with it a newer database is asked without pulling anything.
 * Limits  the least recently used records go beyond the size given; a record that cannot be parsed is taken for absent.
 */
import { join } from 'node:path';
import { createHash } from '#base';
import { recordStore, type World } from '#platform';
import type { ScanRecord } from './take-inventory.js';

/** Raised when the shape of `ScanRecord` changes. */
const shape = 1;

export interface ImageRecords {
  get(digest: string, platform: string): ScanRecord | undefined;
  put(digest: string, platform: string, record: ScanRecord): Promise<void>;
}

export interface ImageRecordsOptions {
  readonly cacheDir: string;
  /** Bytes. */
  readonly maxSize: number;
  /** `inventorySignature`: records made by other rules do not count. */
  readonly signature: string;
}

export function imageRecordsDirectory(cacheDir: string): string {
  return join(cacheDir, 'pratique', 'images');
}

export function imageRecords({ cacheDir, maxSize, signature }: ImageRecordsOptions, world: World): ImageRecords {
  const store = recordStore(imageRecordsDirectory(cacheDir), world.clock.now);
  const keyOf = (digest: string, platform: string): string =>
    createHash('sha256')
      .update(JSON.stringify([shape, digest, platform, signature]))
      .digest('hex');
  return {
    get(digest, platform) {
      const text = store.get(keyOf(digest, platform));
      return text === undefined ? undefined : readScanRecord(text);
    },
    async put(digest, platform, record) {
      await store.put(keyOf(digest, platform), JSON.stringify(record));
      await store.evict(maxSize);
    },
  };
}

/** `undefined` for what is no record. */
export function readScanRecord(text: string): ScanRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<ScanRecord>;
    return Array.isArray(record.inventory?.packages) && Array.isArray(record.secretResults)
      ? (record as ScanRecord)
      : undefined;
  } catch {
    return undefined;
  }
}
