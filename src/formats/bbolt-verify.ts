/**
 * Reads a bbolt database from end to end: every page in use belongs to exactly one bucket or to the list of free pages.
 * This finds what no look-up can see, such as a bucket whose root is another bucket's page.
 * Limits  each page is read once; one byte of memory per page.
 * Errors  FormatError at the first thing wrong.
 * Source  the rules of `bbolt check`, https://github.com/etcd-io/bbolt/blob/main/tx_check.go
 */
import { FormatError } from '#base';
import { maxTreeDepth, type BoltBucket } from './bbolt-bucket.js';
import type { BoltDatabase } from './bbolt.js';
import { pageHeaderSize, readU64 } from './bbolt-meta.js';
import { pageFlags } from './bbolt-page.js';
import type { BoltPager } from './bbolt-pager.js';

export function verifyBolt(database: BoltDatabase): void {
  const { meta } = database.pager;
  const claimed = new Uint8Array(meta.highWater);
  const claim = (id: number, pages: number): void => {
    for (let at = id; at < id + pages; at++) {
      if (at < 2 || at >= claimed.length) throw new FormatError(`page ${at} is out of bounds`);
      if (claimed[at]) throw new FormatError(`page ${at} is used twice`);
      claimed[at] = 1;
    }
  };
  claimBucket(database, database.root, claim);
  if (meta.freelist === undefined) return;
  for (const id of freePages(database, meta.freelist, claim)) claim(id, 1);
  const lost = claimed.indexOf(0, 2);
  if (lost >= 0) throw new FormatError(`page ${lost} is neither used nor free`);
}

type Claim = (id: number, pages: number) => void;

function claimBucket(database: BoltDatabase, bucket: BoltBucket, claim: Claim): void {
  // Pages are claimed before the items are read, so a bucket inside itself ends here and not at the depth limit.
  if (bucket.rootId !== 0) claimTree(database.pager, bucket.rootId, claim);
  for (const { bucket: inner } of bucket.items()) if (inner) claimBucket(database, inner, claim);
}

/** A page is claimed before its children, so a cycle ends at its second claim. */
function claimTree(pager: BoltPager, id: number, claim: Claim, depth = 0): void {
  if (depth > maxTreeDepth) throw new FormatError(`a tree is more than ${maxTreeDepth} pages deep`);
  const page = pager.page(id);
  claim(id, page.pages);
  if (page.leaf) return;
  for (let index = 0; index < page.count; index++) claimTree(pager, page.child(index), claim, depth + 1);
}

/** The list is one page of page numbers (u64); a count of 65535 says that the first number is the real count. */
function freePages({ pager }: BoltDatabase, id: number, claim: Claim): number[] {
  const { view } = pager.block(id);
  if (view.getUint16(8, true) !== pageFlags.freelist) throw new FormatError(`page ${id}: not a list of free pages`);
  claim(id, view.getUint32(12, true) + 1);
  const short = view.getUint16(10, true);
  const long = short === 0xffff && view.byteLength >= pageHeaderSize + 8;
  const count = long ? readU64(view, pageHeaderSize) : short;
  const start = pageHeaderSize + (long ? 8 : 0);
  if (start + count * 8 > view.byteLength) throw new FormatError(`page ${id}: ${count} free pages do not fit`);
  return Array.from({ length: count }, (_, index) => readU64(view, start + index * 8));
}
