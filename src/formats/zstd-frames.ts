/**
 * The framing of a Zstandard stream, followed without decompressing: decoders differ in what they let pass.
 * Checks  the window a frame asks its reader to keep is at most 128 MiB, and the stream ends where a frame ends.
 * Yields  the data frames, a piece never holding bytes of two: Node's decoder ends silently at the end of a frame that
 *         is followed by another in the same piece. Skippable frames are left out.
 * Errors  `LimitError` for a larger window, `FormatError` for bytes that are no frame or a cut-off stream.
 * Source  https://www.rfc-editor.org/rfc/rfc8878#section-3.1
 */
import { FormatError, LimitError } from '#base';

export const ZSTD_WINDOW = 128 * 1024 * 1024;

type Part = 'magic' | 'skippable' | 'descriptor' | 'header' | 'block';

export class ZstdFrames {
  private part: Part = 'magic';
  private readonly head = Buffer.alloc(16);
  private have = 0;
  private need = 4;
  private passing = 0;
  private descriptor = 0;
  private lastBlock = false;
  /** In a data frame, its magic number passed. */
  private inFrame = false;

  /** Follows the next bytes of the stream and returns what a decoder should see of them. */
  push(chunk: Uint8Array): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    let start = 0;
    let at = 0;
    const cut = (): void => {
      if (this.inFrame && at > start) pieces.push(chunk.subarray(start, at));
      start = at;
    };
    while (at < chunk.length) {
      if (this.passing > 0) {
        const count = Math.min(this.passing, chunk.length - at);
        this.passing -= count;
        at += count;
      } else {
        const count = Math.min(this.need - this.have, chunk.length - at);
        this.head.set(chunk.subarray(at, at + count), this.have);
        this.have += count;
        at += count;
        if (this.have < this.need) break;
        const wasMagic = this.part === 'magic';
        this.take();
        if (wasMagic) {
          // Held back until it told what follows.
          start = at;
          this.inFrame = this.part === 'descriptor';
          if (this.inFrame) pieces.push(Uint8Array.from(this.head.subarray(0, 4)));
        }
      }
      if (this.inFrame && this.part === 'magic' && this.passing === 0) {
        cut();
        this.inFrame = false;
      }
    }
    cut();
    return pieces;
  }

  /** The stream is over. */
  end(): void {
    if (this.passing > 0 || this.part !== 'magic' || this.have > 0) throw new FormatError('zstd: unexpected end');
  }

  private take(): void {
    const { head } = this;
    switch (this.part) {
      case 'magic': {
        const magic = head.readUInt32LE(0);
        if (magic === 0xfd2fb528) return this.expect('descriptor', 1);
        if (magic >>> 4 === 0x184d2a5) return this.expect('skippable', 4);
        throw new FormatError('zstd: no frame where one should start');
      }
      case 'skippable':
        this.passing = head.readUInt32LE(0);
        return this.expect('magic', 4);
      case 'descriptor':
        this.descriptor = head[0]!;
        return this.expect('header', windowBytes(head[0]!) + dictionaryBytes(head[0]!) + contentSizeBytes(head[0]!));
      case 'header':
        this.checkWindow();
        return this.expect('block', 3);
      case 'block':
        return this.takeBlock();
    }
  }

  private expect(part: Part, need: number): void {
    this.part = part;
    this.need = need;
    this.have = 0;
    if (need === 0) this.take();
  }

  private takeBlock(): void {
    const block = this.head.readUIntLE(0, 3);
    const type = (block >> 1) & 3;
    if (type === 3) throw new FormatError('zstd: reserved block type');
    this.passing = type === 1 ? 1 : block >> 3;
    this.lastBlock = (block & 1) === 1;
    if (!this.lastBlock) return this.expect('block', 3);
    this.passing += this.descriptor & 4 ? 4 : 0;
    this.expect('magic', 4);
  }

  private checkWindow(): void {
    const { head, descriptor } = this;
    let window: number;
    if (windowBytes(descriptor) === 1) {
      const base = 2 ** (10 + (head[0]! >> 3));
      window = base + (base / 8) * (head[0]! & 7);
    } else {
      const at = dictionaryBytes(descriptor);
      const size = contentSizeBytes(descriptor);
      window = size === 8 ? Number(head.readBigUInt64LE(at)) : head.readUIntLE(at, size) + (size === 2 ? 256 : 0);
    }
    if (window > ZSTD_WINDOW) throw new LimitError('zstd window', ZSTD_WINDOW);
  }
}

/** A single-segment frame has no window descriptor: its window is its content. */
const windowBytes = (descriptor: number): number => (descriptor & 0x20 ? 0 : 1);
const dictionaryBytes = (descriptor: number): number => [0, 1, 2, 4][descriptor & 3]!;

function contentSizeBytes(descriptor: number): number {
  const flag = descriptor >> 6;
  return flag === 0 ? (descriptor & 0x20 ? 1 : 0) : 2 ** flag;
}
