/**
 * Opens bbolt databases (the format of `trivy.db`) for reading. Opening reads two meta pages; everything else is read
 * when asked for. The file must not change while it is open: its writers replace it by rename.
 * Errors  FormatError for anything damaged, at opening or at the look-up that meets it.
 * Source  https://github.com/etcd-io/bbolt
 */
import { BoltBucket } from './bbolt-bucket.js';
import { BoltPager, type BoltSource, type BoltStats } from './bbolt-pager.js';

export interface BoltDatabase {
  /** The bucket that holds the named ones. */
  readonly root: BoltBucket;
  readonly pager: BoltPager;
  readonly stats: Readonly<BoltStats>;
}

/** @param cacheBytes how much of the pages is kept; 16 MiB unless said otherwise */
export function openBolt(source: BoltSource | Uint8Array, cacheBytes?: number): BoltDatabase {
  const pager = new BoltPager(source instanceof Uint8Array ? memorySource(source) : source, cacheBytes);
  return { root: new BoltBucket(pager, pager.meta.root), pager, stats: pager.stats };
}

function memorySource(bytes: Uint8Array): BoltSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}
