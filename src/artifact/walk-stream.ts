/**
 * Walks a tar that arrives in chunks, once: the bytes of wanted files are copied, small ones into memory and large ones
 * into a spool file, all others are passed over where they lie.
 * Limits  as `walk-archive.ts`; 4 MiB a file in memory (base/limits).
 * Errors  `FormatError` for damaged or cut-off archives, `LimitError` for oversized headers.
 */
import { FormatError, limits } from '#base';
import { padded, TAR_BLOCK, TarDecoder, type TarEntry } from '#formats';
import { SNIFF_BYTES, type SourceFile, type TreeVisitor } from '#model';
import type { SpoolFile } from '#platform';
import { everyPath } from './path-filter.js';
import { archivedFile, readerOfMemory } from './source-file.js';
import { TreeGate, type Wanted } from './tree-gate.js';
import type { WalkOptions } from './walk-archive.js';

export interface StreamWalkOptions extends WalkOptions {
  /** Called for the first large file; the files visited stay readable until the caller closes it. */
  spool(): SpoolFile;
}

/** Resolves with the number of bytes that came, the end of the archive and what is behind it included. */
export async function walkStream(
  chunks: AsyncIterable<Uint8Array>,
  visitor: TreeVisitor,
  options: StreamWalkOptions,
): Promise<{ size: number }> {
  const walk = new StreamWalk(visitor, options);
  let size = 0;
  for await (const chunk of chunks) {
    options.signal?.throwIfAborted();
    size += chunk.length;
    walk.push(chunk);
    for (let visited = walk.advance(); visited; visited = walk.advance()) await visitor.visit(visited);
  }
  walk.end();
  return { size };
}

/** The file whose content is passing. */
interface Current {
  readonly entry: TarEntry;
  readonly wanted: Wanted;
  /** The first bytes while the visitor has not decided, then the whole content; `undefined` when it goes to the spool. */
  target: Uint8Array | undefined;
  filled: number;
  deciding: boolean;
  spoolStart: number;
}

class StreamWalk {
  private readonly visitor: TreeVisitor;
  private readonly options: StreamWalkOptions;
  private readonly gate: TreeGate;
  private readonly decoder = new TarDecoder();
  private chunk: Buffer = Buffer.alloc(0);
  private at = 0;
  /** Content bytes still to pass over; ends inside them are an error. */
  private skipping = 0;
  /** Padding still to pass over. */
  private padding = 0;
  private readonly block = Buffer.alloc(TAR_BLOCK);
  private blockFilled = 0;
  private extended: { readonly bytes: Uint8Array; filled: number } | undefined;
  private current: Current | undefined;
  private ended = false;

  constructor(visitor: TreeVisitor, options: StreamWalkOptions) {
    this.visitor = visitor;
    this.options = options;
    this.gate = new TreeGate(visitor, options.filter ?? everyPath);
  }

  push(chunk: Uint8Array): void {
    this.chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.at = 0;
  }

  /** Works through the chunk up to the next complete file, or to its end. */
  advance(): SourceFile | undefined {
    while (this.at < this.chunk.length && !this.ended) {
      if (this.skipping > 0) this.skipping -= this.pass(this.skipping);
      else if (this.current) {
        const file = this.content(this.current);
        if (file) return file;
      } else if (this.extended) this.takeExtended(this.extended);
      else if (this.padding > 0) this.padding -= this.pass(this.padding);
      else {
        const file = this.header();
        if (file) return file;
      }
    }
    return undefined;
  }

  /** The stream is over. A missing end mark is forgiven, as by everyone; a cut-off entry is not. */
  end(): void {
    if (this.skipping > 0 || this.current || this.extended) throw new FormatError('tar: unexpected end in a file');
    if (this.blockFilled > 0) throw new FormatError('tar: unexpected end in a header');
  }

  private pass(wanted: number): number {
    const count = Math.min(wanted, this.chunk.length - this.at);
    this.at += count;
    return count;
  }

  private header(): SourceFile | undefined {
    let bytes = this.chunk;
    let start = this.at;
    if (this.blockFilled > 0 || this.chunk.length - this.at < TAR_BLOCK) {
      const from = this.at;
      const count = this.pass(TAR_BLOCK - this.blockFilled);
      this.block.set(this.chunk.subarray(from, from + count), this.blockFilled);
      this.blockFilled += count;
      if (this.blockFilled < TAR_BLOCK) return undefined;
      this.blockFilled = 0;
      bytes = this.block;
      start = 0;
    } else this.at += TAR_BLOCK;
    const step = this.decoder.block(bytes, start);
    if (step.kind === 'end') this.ended = true;
    if (step.kind === 'end' || step.kind === 'block') return undefined;
    const size = step.kind === 'entry' ? step.entry.stored : step.size;
    this.padding = padded(size) - size;
    if (step.kind === 'entry') return this.entry(step.entry);
    if (step.kind === 'skip') this.skipping = size;
    else if (size === 0) this.decoder.extended(new Uint8Array(0));
    else this.extended = { bytes: new Uint8Array(size), filled: 0 };
    return undefined;
  }

  private takeExtended(extended: { readonly bytes: Uint8Array; filled: number }): void {
    const from = this.at;
    const count = this.pass(extended.bytes.length - extended.filled);
    extended.bytes.set(this.chunk.subarray(from, from + count), extended.filled);
    extended.filled += count;
    if (extended.filled < extended.bytes.length) return;
    this.extended = undefined;
    this.decoder.extended(extended.bytes);
  }

  private entry(entry: TarEntry): SourceFile | undefined {
    const wanted = this.gate.admit(entry);
    if (!wanted) {
      this.skipping = entry.stored;
      const link = entry.type === 'hard-link' ? this.gate.admitLink(entry) : undefined;
      if (link)
        this.visitor.report('walk/hard-link', `hard link to ${link.target}, whose content has passed`, link.path);
      return undefined;
    }
    // The first bytes of a sparse file are known only when its map is: those are judged when complete.
    const deciding = wanted.want === 'sniff' && !entry.sparse;
    const current: Current = { entry, wanted, target: undefined, filled: 0, deciding, spoolStart: 0 };
    if (deciding) {
      const head = Math.min(SNIFF_BYTES, entry.stored);
      if (this.chunk.length - this.at >= head) {
        if (!this.visitor.sniff(wanted.file, this.chunk.subarray(this.at, this.at + head))) {
          this.skipping = entry.stored;
          return undefined;
        }
        current.deciding = false;
      } else current.target = new Uint8Array(head);
    }
    if (!current.deciding) this.allot(current);
    this.current = current;
    return entry.stored === 0 ? this.complete(current) : undefined;
  }

  /** A place for the whole content. */
  private allot(current: Current): void {
    const { stored } = current.entry;
    if (stored <= limits.spoolThreshold) current.target = new Uint8Array(stored);
    else {
      current.target = undefined;
      current.spoolStart = this.options.spool().size;
    }
  }

  private content(current: Current): SourceFile | undefined {
    const { target } = current;
    const from = this.at;
    const count = this.pass((target ? target.length : current.entry.stored) - current.filled);
    const part = this.chunk.subarray(from, from + count);
    if (target) target.set(part, current.filled);
    else this.options.spool().append(part);
    current.filled += count;
    if (current.deciding && current.filled === target!.length) return this.decide(current, target!);
    return current.filled === current.entry.stored ? this.complete(current) : undefined;
  }

  private decide(current: Current, head: Uint8Array): SourceFile | undefined {
    current.deciding = false;
    if (!this.visitor.sniff(current.wanted.file, head)) {
      this.skipping = current.entry.stored - head.length;
      this.current = undefined;
      return undefined;
    }
    this.allot(current);
    if (current.target) current.target.set(head);
    else this.options.spool().append(head);
    return current.filled === current.entry.stored ? this.complete(current) : undefined;
  }

  private complete(current: Current): SourceFile | undefined {
    const { entry, wanted, target, spoolStart } = current;
    this.current = undefined;
    const spooled = target ? undefined : this.options.spool().slice(spoolStart, entry.stored);
    const stored = target ? readerOfMemory(target) : spooled!.read;
    const file = archivedFile(wanted.file, entry, stored);
    if (wanted.want === 'sniff' && entry.sparse && !this.visitor.sniff(wanted.file, file.read(0, SNIFF_BYTES))) {
      return undefined;
    }
    return file;
  }
}
