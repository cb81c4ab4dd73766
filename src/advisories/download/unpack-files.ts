/**
 * Takes a few files out of a `.tar.gz` while it streams.
 * Reads   chunks of the compressed archive, to their end, so that whoever made them can judge the whole.
 * Yields  the wanted files in a directory; everything else in the archive is passed over, wherever it claims to belong.
 * Limits  bytes per wanted file, four times their sum and 1 MiB for the whole archive.
 * Errors  `FormatError` for what is no tar.gz, `LimitError`; errors of the chunks pass through.
 * Source  https://www.rfc-editor.org/rfc/rfc1952 https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { FormatError, LimitError, PratiqueError } from '#base';
import { cleanPath, padded, TAR_BLOCK, TarDecoder, type TarEntry } from '#formats';
import { fileError } from '#platform';

/** @param wanted limit in bytes by name; names have no directories. */
export async function unpackFiles(
  chunks: AsyncIterable<Uint8Array>,
  directory: string,
  wanted: ReadonlyMap<string, number>,
): Promise<void> {
  const whole = [...wanted.values()].reduce((sum, limit) => sum + 4 * limit, 1024 * 1024);
  const source = new Blocks(bounded(gunzip(chunks), whole));
  const decoder = new TarDecoder();
  const found = new Set<string>();
  for (;;) {
    const block = await source.take(TAR_BLOCK);
    if (!block) throw new FormatError('the archive is cut off');
    const step = decoder.block(block, 0);
    if (step.kind === 'end') break;
    if (step.kind === 'extended') {
      const content = await source.take(padded(step.size));
      if (!content) throw new FormatError('the archive is cut off');
      decoder.extended(content.subarray(0, step.size));
    } else if (step.kind === 'skip') await drain(source.pass(padded(step.size)));
    else if (step.kind === 'entry') await unpackEntry(step.entry, source, directory, wanted, found);
  }
  await drain(source.rest());
  const missing = [...wanted.keys()].filter((name) => !found.has(name));
  if (missing.length > 0) throw new FormatError(`${missing.join(' and ')} not in the archive`);
}

async function unpackEntry(
  entry: TarEntry,
  source: Blocks,
  directory: string,
  wanted: ReadonlyMap<string, number>,
  found: Set<string>,
): Promise<void> {
  const name = cleanPath(entry.path) ?? '';
  const limit = wanted.get(name);
  const content = source.pass(padded(entry.stored));
  if (limit === undefined) return drain(content);
  if (entry.type !== 'file' || entry.sparse) throw new FormatError(`${name} is not a plain file`);
  if (found.has(name)) throw new FormatError(`${name} is there twice`);
  if (entry.size > limit) throw new LimitError(name, limit);
  found.add(name);
  await writeFile(join(directory, name), content, entry.size);
}

/** The first `size` bytes; what follows is padding. */
async function writeFile(path: string, content: AsyncIterable<Uint8Array>, size: number): Promise<void> {
  const failed = (error: unknown): never => {
    throw fileError(path, error, 'write');
  };
  const file = await open(path, 'wx', 0o644).catch(failed);
  try {
    let left = size;
    for await (const chunk of content) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      if (part.length > 0) await file.writeFile(part).catch(failed);
    }
  } finally {
    await file.close().catch(failed);
  }
}

/** Cuts a stream of chunks into blocks and longer stretches. */
class Blocks {
  private readonly iterator: AsyncIterator<Uint8Array>;
  private held: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.iterator = chunks[Symbol.asyncIterator]();
  }

  /** Exactly `length` bytes (a block, or an extended header); `undefined` when fewer are left. */
  async take(length: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      const part = await this.some(missing);
      if (!part) return undefined;
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  /** The next `length` bytes, as they come. Must be read to the end before anything else is taken. */
  async *pass(length: number): AsyncGenerator<Uint8Array, void> {
    for (let left = length; left > 0;) {
      const part = await this.some(left);
      if (!part) throw new FormatError('the archive is cut off');
      left -= part.length;
      yield part;
    }
  }

  async *rest(): AsyncGenerator<Uint8Array, void> {
    for (let part = await this.some(Infinity); part; part = await this.some(Infinity)) yield part;
  }

  private async some(most: number): Promise<Buffer | undefined> {
    while (this.held.length === 0) {
      const next = await this.iterator.next();
      if (next.done) return undefined;
      this.held = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    }
    const part = this.held.subarray(0, most);
    this.held = this.held.subarray(part.length);
    return part;
  }
}

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) void chunk;
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
  const expanding = createGunzip({ chunkSize: 256 * 1024 });
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
