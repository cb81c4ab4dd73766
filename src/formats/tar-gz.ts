/**
 * The entries of a `.tar.gz` while it streams.
 * Reads   chunks of the compressed archive, to their end, so that whoever made them can judge the whole.
 * Yields  entries in the archive's order, each with its content, which is passed over as far as it was not read.
 * Limits  bytes of the unpacked archive, from the caller.
 * Errors  `FormatError` for what is no tar.gz, `LimitError`; errors of the chunks pass through.
 * Source  https://www.rfc-editor.org/rfc/rfc1952 https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 */
import { FormatError, LimitError, PratiqueError, zlib } from '#base';
import { TarDecoder, type TarEntry } from './tar-decoder.js';
import { padded, TAR_BLOCK } from './tar-layout.js';

export interface StreamedEntry {
  readonly entry: TarEntry;
  /** Of sparse files, the stored parts. To be read before the next entry is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
}

export async function* tarGzEntries(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<StreamedEntry, void> {
  const source = new Blocks(bounded(gunzip(chunks), limit));
  const decoder = new TarDecoder();
  for (;;) {
    const block = await source.take(TAR_BLOCK);
    if (!block) throw new FormatError('the archive is cut off');
    const step = decoder.block(block, 0);
    if (step.kind === 'end') break;
    if (step.kind === 'extended') {
      const content = await source.take(padded(step.size));
      if (!content) throw new FormatError('the archive is cut off');
      decoder.extended(content.subarray(0, step.size));
    } else if (step.kind === 'skip') await source.skip(padded(step.size));
    else if (step.kind === 'entry') {
      const { stored } = step.entry;
      const left = { bytes: padded(stored) };
      yield { entry: step.entry, content: source.pass(stored, left) };
      await source.skip(left.bytes);
    }
  }
  await source.end();
}

/** Cuts a stream of chunks into blocks and longer stretches. */
class Blocks {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#iterator = chunks[Symbol.asyncIterator]();
  }

  /** Exactly `length` bytes (a block, or an extended header); `undefined` when fewer are left. */
  async take(length: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0;) {
      const part = await this.#some(missing);
      if (!part) return undefined;
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  /** The next `length` bytes, as they come; takes what was read off `left`. */
  async *pass(length: number, left: { bytes: number }): AsyncGenerator<Uint8Array, void> {
    for (let missing = length; missing > 0;) {
      const part = await this.#some(missing);
      if (!part) throw new FormatError('the archive is cut off');
      missing -= part.length;
      left.bytes -= part.length;
      yield part;
    }
  }

  async skip(length: number): Promise<void> {
    for await (const part of this.pass(length, { bytes: length })) void part;
  }

  /** Reads what is behind the archive. */
  async end(): Promise<void> {
    while (await this.#some(Infinity));
  }

  async #some(most: number): Promise<Buffer | undefined> {
    while (this.#held.length === 0) {
      const next = await this.#iterator.next();
      if (next.done) return undefined;
      this.#held = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    }
    const part = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(part.length);
    return part;
  }
}

async function* bounded(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array, void> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limit) throw new LimitError('the unpacked archive', limit);
    yield chunk;
  }
}

/** Expanded in the runtime's thread pool while the next chunks arrive. */
async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const expanding = zlib().createGunzip({ chunkSize: 256 * 1024 });
  let problem: unknown;
  const feed = async (): Promise<void> => {
    for await (const chunk of chunks) {
      if (expanding.destroyed) return;
      if (!expanding.write(chunk)) {
        await new Promise<void>((resolve) => expanding.once('drain', resolve).once('close', resolve));
      }
    }
    expanding.end();
  };
  const feeding = feed().catch((error: unknown) => {
    problem = error;
    expanding.destroy(error as Error);
  });
  try {
    for await (const chunk of expanding as AsyncIterable<Uint8Array>) yield chunk;
    await feeding;
  } catch (error) {
    if (problem !== undefined) throw problem;
    if (error instanceof PratiqueError) throw error;
    throw new FormatError('the archive is not sound gzip', { cause: error });
  } finally {
    expanding.destroy();
    await feeding;
  }
}
