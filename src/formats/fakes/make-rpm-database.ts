/**
 * Writes small RPM headers, and the Berkeley DB hash and ndb databases that hold them: input for tests.
 * Limits  one hash page of small items and overflow pages; one slot page; no indexes, no checksums.
 * Source  https://rpm-software-management.github.io/rpm/manual/format_header.html and the sources of the readers here
 */
export type RpmTagContent = string | readonly string[] | readonly number[] | Uint8Array;

/** A header blob of tags in the order given. */
export function makeRpmHeader(tags: readonly (readonly [tag: number, content: RpmTagContent])[]): Buffer {
  const data: Buffer[] = [];
  let length = 0;
  const index = tags.map(([tag, content]) => {
    const { type, count, body } = encode(content);
    const padding = type === 4 ? (4 - (length % 4)) % 4 : 0;
    data.push(Buffer.alloc(padding), body);
    const entry = words([tag, type, length + padding, count], false);
    length += padding + body.length;
    return entry;
  });
  return Buffer.concat([words([tags.length, length], false), ...index, ...data]);
}

function encode(content: RpmTagContent): { type: number; count: number; body: Buffer } {
  if (typeof content === 'string') return { type: 6, count: 1, body: Buffer.from(`${content}\0`) };
  if (content instanceof Uint8Array) return { type: 7, count: content.length, body: Buffer.from(content) };
  if (content.every((item): item is number => typeof item === 'number')) {
    return { type: 4, count: content.length, body: words(content, false) };
  }
  return { type: 8, count: content.length, body: Buffer.from(content.map((item) => `${item}\0`).join('')) };
}

export interface BerkeleyShape {
  readonly littleEndian?: boolean;
  readonly pageSize?: number;
  /** Larger values go to overflow pages. */
  readonly inline?: number;
}

/** A Berkeley DB hash of values under the keys 1, 2, …, and rpm's counter under the key 0. */
export function makeBerkeleyDb(values: readonly Uint8Array[], shape: BerkeleyShape = {}): Buffer {
  const { littleEndian = true, pageSize = 512, inline = 64 } = shape;
  const pages: Buffer[] = [Buffer.alloc(pageSize), Buffer.alloc(pageSize)];
  const u16 = (page: Buffer, value: number, at: number): void =>
    void (littleEndian ? page.writeUInt16LE(value, at) : page.writeUInt16BE(value, at));
  const u32 = (page: Buffer, value: number, at: number): void =>
    void (littleEndian ? page.writeUInt32LE(value, at) : page.writeUInt32BE(value, at));
  const overflow = (value: Uint8Array): number => {
    const first = pages.length;
    for (let at = 0; at < value.length; at += pageSize - 26) {
      const part = value.subarray(at, at + pageSize - 26);
      const page = Buffer.alloc(pageSize);
      u32(page, pages.length, 8);
      u32(page, at + part.length < value.length ? pages.length + 1 : 0, 16);
      u16(page, part.length, 22);
      page[25] = 7;
      page.set(part, 26);
      pages.push(page);
    }
    return first;
  };
  const item = (value: Uint8Array): Buffer => {
    if (value.length <= inline) return Buffer.concat([Buffer.from([1]), value]);
    const reference = Buffer.alloc(12);
    reference[0] = 3;
    u32(reference, overflow(value), 4);
    u32(reference, value.length, 8);
    return reference;
  };
  const items = [words([0], littleEndian), words([values.length], littleEndian)].map(item);
  values.forEach((value, i) => items.push(item(words([i + 1], littleEndian)), item(value)));

  const [meta, hash] = [pages[0]!, pages[1]!];
  u32(meta, 0x061561, 12);
  u32(meta, 9, 16);
  u32(meta, pageSize, 20);
  meta[25] = 8;
  u32(meta, pages.length - 1, 32);
  u32(hash, 1, 8);
  u16(hash, items.length, 20);
  hash[25] = 13;
  let end = pageSize;
  items.forEach((content, i) => {
    end -= content.length;
    if (end < 26 + items.length * 2) throw new RangeError('items do not fit their page');
    content.copy(hash, end);
    u16(hash, end, 26 + i * 2);
  });
  return Buffer.concat(pages);
}

/** An ndb package database of the blobs, with package indexes 1, 2, … */
export function makeNdb(blobs: readonly Uint8Array[]): Buffer {
  const slots = Buffer.alloc(4096);
  for (let at = 32; at < slots.length; at += 16) slots.write('Slot', at, 'latin1');
  slots.write('RpmP', 0, 'latin1');
  slots.writeUInt32LE(1, 12);
  slots.writeUInt32LE(blobs.length + 1, 16);
  let block = slots.length / 16;
  const bodies = blobs.map((blob, i) => {
    const blocks = Math.ceil((16 + blob.length + 12) / 16);
    const body = Buffer.alloc(blocks * 16);
    body.write('BlbS', 0, 'latin1');
    words([i + 1, 1, blob.length], true).copy(body, 4);
    body.set(blob, 16);
    words([0, blob.length], true).copy(body, body.length - 12);
    body.write('BlbE', body.length - 4, 'latin1');
    words([i + 1, block, blocks], true).copy(slots, 32 + i * 16 + 4);
    block += blocks;
    return body;
  });
  return Buffer.concat([slots, ...bodies]);
}

function words(values: readonly number[], littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => (littleEndian ? bytes.writeUInt32LE(value, i * 4) : bytes.writeUInt32BE(value, i * 4)));
  return bytes;
}
