/**
 * A bucket of a bbolt file: a B+ tree of keys to values and nested buckets, in byte order of keys.
 * Shape   a nested bucket is a value: root page (u64), sequence (u64); root 0 means that a leaf page follows inline.
 * Yields  views of pages, not copies; they stay valid as long as they are held.
 * Limits  64 pages deep, 64 buckets deep.
 * Errors  FormatError. A child must hold keys of its own range only, and a key that is missing at the edge of a leaf is
 *         looked for in the neighbour too: so a damaged branch is an error, never a key not found, and no cycle is followed.
 * Source  https://github.com/etcd-io/bbolt/blob/main/internal/common/bucket.go
 */
import { FormatError } from '#base';
import type { BoltPage } from './bbolt-page.js';
import type { BoltPager } from './bbolt-pager.js';

export const maxTreeDepth = 64;
const maxBuckets = 64;
const beforeAll = new Uint8Array();

export type BoltKey = string | Uint8Array;

/** A key with either a value or a nested bucket. Nothing is read or decoded before it is asked for. */
export class BoltItem {
  readonly #page: BoltPage;
  readonly #index: number;
  readonly #pager: BoltPager;
  readonly #depth: number;

  constructor(page: BoltPage, index: number, pager: BoltPager, depth: number) {
    this.#page = page;
    this.#index = index;
    this.#pager = pager;
    this.#depth = depth;
  }

  get key(): Uint8Array {
    return this.#page.key(this.#index);
  }

  get keyText(): string {
    return this.#page.keyText(this.#index);
  }

  get value(): Uint8Array | undefined {
    return this.#page.holdsBucket(this.#index) ? undefined : this.#page.value(this.#index);
  }

  get valueText(): string | undefined {
    return this.#page.holdsBucket(this.#index) ? undefined : this.#page.valueText(this.#index);
  }

  get bucket(): BoltBucket | undefined {
    if (!this.#page.holdsBucket(this.#index)) return undefined;
    return new BoltBucket(this.#pager, this.#page.bucketRoot(this.#index), this.#depth + 1);
  }
}

/** A page on the way down, and where the way goes on. */
interface Step {
  readonly page: BoltPage;
  index: number;
}

export class BoltBucket {
  /** The root page; 0 for an inline bucket. */
  readonly rootId: number;
  readonly #pager: BoltPager;
  readonly #inline: BoltPage | undefined;
  readonly #depth: number;

  constructor(pager: BoltPager, root: number | BoltPage, depth = 0) {
    if (depth > maxBuckets) throw new FormatError(`buckets are nested more than ${maxBuckets} deep`);
    this.#pager = pager;
    this.#depth = depth;
    this.rootId = typeof root === 'number' ? root : 0;
    this.#inline = typeof root === 'number' ? undefined : root;
  }

  /** The value or bucket of a key. */
  get(key: BoltKey): BoltItem | undefined {
    const wanted = toBytes(key);
    const path = this.#seek(wanted);
    const { page, index } = path.at(-1)!;
    if (index < page.count && page.compare(index, wanted) === 0) return this.#item(page, index);
    this.#checkNeighbour(path, wanted);
    return undefined;
  }

  /** All items from the first key not before `from`, in byte order of keys. */
  *items(from?: BoltKey): Generator<BoltItem, void, undefined> {
    const wanted = from === undefined ? beforeAll : toBytes(from);
    let path: Step[] | undefined = this.#seek(wanted);
    const first = path.at(-1)!;
    if (first.index === 0 && from !== undefined) this.#checkNeighbour(path, wanted);
    while (path) {
      const { page, index } = path.at(-1)!;
      for (let at = index; at < page.count; at++) yield this.#item(page, at);
      path = this.#sideways(path, 1);
    }
  }

  /** The items whose key starts with `prefix`. */
  *startingWith(prefix: BoltKey): Generator<BoltItem, void, undefined> {
    const wanted = toBytes(prefix);
    for (const item of this.items(wanted)) {
      if (!startsWith(item.key, wanted)) return;
      yield item;
    }
  }

  #seek(key: Uint8Array): Step[] {
    const root = this.#inline ?? this.#pager.page(this.rootId);
    const path: Step[] = [];
    for (let page = root; ; page = this.#child(path)) {
      const found = page.search(key);
      const exact = found < page.count && page.compare(found, key) === 0;
      path.push({ page, index: page.leaf || exact ? found : Math.max(found - 1, 0) });
      if (page.leaf) return path;
    }
  }

  /** The leaf before or after the one that `path` leads to, entered at its first key. */
  #sideways(path: readonly Step[], direction: -1 | 1): Step[] | undefined {
    let turn = path.length - 2;
    const open = (step: Step): boolean => (direction > 0 ? step.index + 1 < step.page.count : step.index > 0);
    while (turn >= 0 && !open(path[turn]!)) turn--;
    if (turn < 0) return undefined;
    const steps = path.slice(0, turn).concat({ page: path[turn]!.page, index: path[turn]!.index + direction });
    for (;;) {
      const page = this.#child(steps);
      steps.push({ page, index: page.leaf || direction > 0 ? 0 : page.count - 1 });
      if (page.leaf) return steps;
    }
  }

  /** Reading the neighbour checks its range, which shows a branch key that led the search astray. */
  #checkNeighbour(path: readonly Step[], key: Uint8Array): void {
    const { page, index } = path.at(-1)!;
    if (index === 0) this.#sideways(path, -1);
    if (index < page.count) return;
    const next = this.#sideways(path, 1);
    if (next && next.at(-1)!.page.compare(0, key) <= 0) throw new FormatError('keys do not ascend from leaf to leaf');
  }

  /** The page that the last step leads to, with all keys in the range its ancestors give it. */
  #child(path: readonly Step[]): BoltPage {
    if (path.length > maxTreeDepth) throw new FormatError(`a tree is more than ${maxTreeDepth} pages deep`);
    const { page: parent, index } = path.at(-1)!;
    const id = parent.child(index);
    const child = this.#pager.page(id);
    let above = path.length - 1;
    while (above >= 0 && path[above]!.index + 1 >= path[above]!.page.count) above--;
    const inRange =
      child.count > 0 &&
      child.compareTo(0, parent, index) >= 0 &&
      (above < 0 || child.compareTo(child.count - 1, path[above]!.page, path[above]!.index + 1) < 0);
    if (!inRange) throw new FormatError(`page ${id}: keys are not in the range of its branch`);
    return child;
  }

  #item(page: BoltPage, index: number): BoltItem {
    return new BoltItem(page, index, this.#pager, this.#depth);
  }
}

function toBytes(key: BoltKey): Uint8Array {
  return typeof key === 'string' ? Buffer.from(key) : key;
}

function startsWith(key: Uint8Array, prefix: Uint8Array): boolean {
  return key.length >= prefix.length && prefix.every((byte, i) => key[i] === byte);
}
