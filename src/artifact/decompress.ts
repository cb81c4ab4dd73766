/**
 * Compressed streams, by their first bytes: gzip and Zstandard are expanded, anything else passes as it is.
 * Nothing here loads the runtime's decompressors before they are needed.
 * gzip runs in the thread pool of the runtime while what came before is walked. Zstandard does too where the runtime
 * has it, and otherwise in a library.
 * Limits  total size and ratio (base/limits), so that a small stream cannot expand without end.
 * Errors  `PratiqueError` `artifact/bomb`, `artifact/truncated`, `artifact/corrupt`, `artifact/compression`.
 * Source  https://www.rfc-editor.org/rfc/rfc1952 https://www.rfc-editor.org/rfc/rfc8878
 */
import { FormatError, LimitError, limits, PratiqueError, zlib } from '#base';
import { ZstdFrames } from '#formats';
import { collectGarbage } from '#platform';
import { releaseBuffer } from './release-buffer.js';
import { throughDecompressor } from './through-decompressor.js';

export type Compression = 'gzip' | 'zstd' | 'none';

/** Bytes that `compressionOf` looks at. */
export const MAGIC_BYTES = 6;

/** Bytes that come out of a decompressor at once. */
const CHUNK = 256 * 1024;

/** Bytes after which what they left behind is worth a collection, which takes some milliseconds. */
const COLLECT_AFTER = 64 * 1024 * 1024;

export function compressionOf(head: Uint8Array, what: string): Compression {
  const starts = (...magic: number[]): boolean => magic.every((byte, i) => head[i] === byte);
  if (starts(0x1f, 0x8b)) return 'gzip';
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  // A stream may open with a skippable frame.
  if (head[0] !== undefined && (head[0] & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18) {
    return 'zstd';
  }
  for (const [method, ...magic] of unsupported) {
    if (starts(...magic)) throw new PratiqueError('artifact/compression', { what, method });
  }
  return 'none';
}

const unsupported: readonly (readonly [string, ...number[]])[] = [
  ['bzip2', 0x42, 0x5a, 0x68],
  ['xz', 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
];

export interface Expansion {
  /** What errors are about: `layer sha256:…`. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: Readonly<Record<'layer' | 'ratio' | 'ratioFloor', number>>;
}

/** Takes chunks that are given away; one that comes out is valid until the next is asked for. */
export async function* decompress(chunks: AsyncIterable<Uint8Array>, expansion: Expansion): AsyncGenerator<Uint8Array> {
  const { what, signal } = expansion;
  const source = new CountedSource(chunks);
  const compression = compressionOf(await source.peek(MAGIC_BYTES), what);
  const expanded = compression === 'none' ? source : expand(compression, source);
  const { layer, ratio, ratioFloor } = expansion.limits ?? limits;
  let size = 0;
  try {
    for await (const chunk of expanded) {
      signal?.throwIfAborted();
      size += chunk.length;
      if (size > layer) throw new PratiqueError('artifact/bomb', { what, limit: `${layer} bytes` });
      if (size > ratioFloor && size > ratio * source.size) {
        throw new PratiqueError('artifact/bomb', { what, limit: `${ratio} times its size` });
      }
      yield chunk;
      if (compression === 'none') releaseBuffer(chunk);
    }
    if (size > COLLECT_AFTER) collectGarbage();
  } catch (error) {
    throw explain(error, what);
  }
}

function expand(compression: 'gzip' | 'zstd', source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  // A mark above one chunk lets decompression run ahead of the reader.
  const options = { chunkSize: CHUNK, highWaterMark: 4 * CHUNK };
  if (compression === 'gzip') return throughDecompressor(source, zlib().createGunzip(options));
  const framed = followFrames(source);
  if (typeof zlib().createZstdDecompress !== 'function') return expandZstd(framed);
  return throughDecompressor(framed, zlib().createZstdDecompress(options));
}

async function* followFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const frames = new ZstdFrames();
  for await (const chunk of source) {
    yield* frames.push(chunk);
  }
  frames.end();
}

/** For runtimes without Zstandard. The library shifts its whole window for each block: slow for large windows. */
async function* expandZstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  let out: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => {
    if (chunk.length > 0) out.push(chunk);
  });
  for await (const chunk of source) {
    // The blocks of one piece come out at once: small pieces bound what lies in `out`.
    for (let at = 0; at < chunk.length; at += ZSTD_PIECE) {
      decoder.push(chunk.subarray(at, at + ZSTD_PIECE), false);
      yield* out;
      out = [];
    }
  }
  decoder.push(new Uint8Array(0), true);
  yield* out;
}

const ZSTD_PIECE = 1024;

/** Counts what was taken, and lets the first bytes be looked at. */
class CountedSource implements AsyncIterable<Uint8Array> {
  size = 0;
  private readonly iterator: AsyncIterator<Uint8Array>;
  private readonly first: Uint8Array[] = [];

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.iterator = chunks[Symbol.asyncIterator]();
  }

  async peek(count: number): Promise<Uint8Array> {
    for (let have = 0; have < count;) {
      const next = await this.iterator.next();
      if (next.done) break;
      this.first.push(next.value);
      have += next.value.length;
    }
    return Buffer.concat(this.first.map((chunk) => chunk.subarray(0, count)));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (const chunk of this.first) yield this.counted(chunk);
      for (let next = await this.iterator.next(); !next.done; next = await this.iterator.next()) {
        yield this.counted(next.value);
      }
    } finally {
      await this.iterator.return?.();
    }
  }

  private counted(chunk: Uint8Array): Uint8Array {
    this.size += chunk.length;
    return chunk;
  }
}

function explain(error: unknown, what: string): unknown {
  if (error instanceof PratiqueError) return error;
  if (error instanceof LimitError) return new PratiqueError('artifact/bomb', { what, limit: error.message }, error);
  const { code, message } = error as NodeJS.ErrnoException;
  const cutOff = code === 'Z_BUF_ERROR' || (error instanceof FormatError && message.includes('unexpected end'));
  if (cutOff) return new PratiqueError('artifact/truncated', { what }, error);
  const ofDecoder = typeof code === 'string' ? /^(?:Z_|ZSTD_|ERR_ZSTD)/.test(code) : typeof code === 'number';
  if (ofDecoder || error instanceof FormatError) {
    return new PratiqueError('artifact/corrupt', { what, reason: message }, error);
  }
  return error;
}
