/**
 * Walks a tar by position: only headers are read, contents are sought over, and wanted files are read from their place
 * when the visitor asks.
 * Limits  5 million entries; every range is checked against the size of the archive.
 * Errors  `FormatError` for damaged or cut-off archives, `LimitError` for oversized headers.
 */
import { FormatError } from '#base';
import { cleanPath, padded, TAR_BLOCK, TarDecoder, type TarEntry } from '#formats';
import { SNIFF_BYTES, type TreeVisitor } from '#model';
import { collectGarbage, type RandomAccess } from '#platform';
import { everyPath, type PathFilter } from './path-filter.js';
import { archivedFile } from './source-file.js';
import { TreeGate, type Wanted, type WantedLink } from './tree-gate.js';
import { breathe } from './breathe.js';

export interface WalkOptions {
  readonly filter?: PathFilter | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PlacedEntry {
  readonly entry: TarEntry;
  /** Where its content starts. */
  readonly offset: number;
}

export async function walkArchive(tar: RandomAccess, visitor: TreeVisitor, options: WalkOptions = {}): Promise<void> {
  const gate = new TreeGate(visitor, options.filter ?? everyPath);
  const links: (WantedLink & { readonly before: number })[] = [];
  let count = 0;
  const counted = countingReads(tar);
  let collected = 0;
  for (const { entry, offset } of placedEntries(tar)) {
    if (++count % BREATH === 0) await breathe(options.signal);
    const wanted = gate.admit(entry);
    if (wanted) {
      await offer(counted, entry, offset, wanted, visitor);
      if (counted.bytes - collected > COLLECT_EVERY) {
        collectGarbage();
        collected = counted.bytes;
      }
    } else if (entry.type === 'hard-link') {
      const link = gate.admitLink(entry);
      if (link) links.push({ ...link, before: offset });
    }
  }
  if (count > MANY) collectGarbage();
  if (links.length > 0) await followLinks(tar, links, gate, visitor);
}

/** Entries between pauses for time-outs and other walks. */
const BREATH = 8192;

/** Entries whose headers leave more garbage than a collection costs. */
const MANY = 8192;

/** Bytes read for visitors between two collections. */
const COLLECT_EVERY = 32 * 1024 * 1024;

type Content = Pick<RandomAccess, 'read'>;

function countingReads(tar: RandomAccess): Content & { readonly bytes: number } {
  const content = {
    bytes: 0,
    read(offset: number, length: number) {
      const found = tar.read(offset, length);
      content.bytes += found.length;
      return found;
    },
  };
  return content;
}

/** The entries of an archive in order, by reading headers only. */
export function* placedEntries(tar: RandomAccess): Generator<PlacedEntry> {
  const decoder = new TarDecoder();
  const window = new HeaderWindow(tar);
  for (let at = 0; at < tar.size;) {
    const step = decoder.block(window.at(at), window.offset(at));
    at += TAR_BLOCK;
    switch (step.kind) {
      case 'end':
        return;
      case 'block':
        break;
      case 'extended':
        if (at + step.size > tar.size) throw new FormatError('tar: unexpected end in an extended header');
        decoder.extended(tar.read(at, step.size));
        at += padded(step.size);
        break;
      case 'skip':
        if (at + step.size > tar.size) throw new FormatError('tar: unexpected end in a header');
        at += padded(step.size);
        break;
      case 'entry':
        if (at + step.entry.stored > tar.size) throw new FormatError('tar: unexpected end in a file');
        yield { entry: step.entry, offset: at };
        at += padded(step.entry.stored);
    }
  }
}

function offer(
  tar: Content,
  entry: TarEntry,
  offset: number,
  wanted: Wanted,
  visitor: TreeVisitor,
): void | Promise<void> {
  const file = archivedFile(wanted.file, entry, (at, length) =>
    tar.read(offset + at, Math.max(0, Math.min(length, entry.stored - at))),
  );
  if (wanted.want === 'sniff' && !visitor.sniff(wanted.file, file.read(0, SNIFF_BYTES))) return;
  return visitor.visit(file);
}

/** A second pass over the headers, for the few wanted names that are hard links to files of unwanted names. */
async function followLinks(
  tar: RandomAccess,
  links: readonly (WantedLink & { readonly before: number })[],
  gate: TreeGate,
  visitor: TreeVisitor,
): Promise<void> {
  const targets = new Map<string, PlacedEntry[]>();
  for (const link of links) targets.set(link.target, []);
  for (const placed of placedEntries(tar)) {
    if (placed.entry.type === 'file') targets.get(cleanPath(placed.entry.path) ?? '')?.push(placed);
  }
  for (const link of links) {
    const found = targets.get(link.target)?.findLast((placed) => placed.offset < link.before);
    if (!found) visitor.report('walk/hard-link', `hard link to ${link.target}, which is not in this layer`, link.path);
    const wanted = found && gate.regular(link.path, found.entry);
    if (wanted) await offer(tar, found.entry, found.offset, wanted, visitor);
  }
}

/**
 * Header blocks through a window that grows while headers lie close together and shrinks where larger contents lie
 * between them: copying 8 KiB costs about as much as a system call.
 */
class HeaderWindow {
  private readonly tar: RandomAccess;
  private readonly buffer = Buffer.allocUnsafeSlow(MAX_WINDOW);
  private readonly views = new Map<number, Buffer>();
  private start = 0;
  private length = 0;
  private size = 64 * 1024;
  private served = 0;

  constructor(tar: RandomAccess) {
    this.tar = tar;
  }

  /** The buffer that holds the block at `at` of the archive; `offset` says where. */
  at(at: number): Buffer {
    if (at < this.start || at + TAR_BLOCK > this.start + this.length) this.fill(at);
    this.served++;
    return this.buffer;
  }

  offset(at: number): number {
    return at - this.start;
  }

  private fill(at: number): void {
    if (this.served > 0) {
      const distance = (at - this.start) / this.served;
      this.size = distance < CLOSE ? Math.min(MAX_WINDOW, this.size * 2) : Math.max(MIN_WINDOW, this.size / 2);
    }
    this.served = 0;
    this.start = at;
    this.length = this.tar.readInto(this.view(this.size), at);
    if (this.length < TAR_BLOCK) throw new FormatError('tar: unexpected end in a header');
  }

  /** The beginning of the buffer; there are few sizes, and making a view costs as much as reading into it. */
  private view(size: number): Buffer {
    let view = this.views.get(size);
    if (!view) this.views.set(size, (view = this.buffer.subarray(0, size)));
    return view;
  }
}

const CLOSE = 8192;
const MIN_WINDOW = 1024;
const MAX_WINDOW = 256 * 1024;
