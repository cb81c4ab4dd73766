/**
 * Walks a directory (or a single file) in byte order of names, symbolic links not followed. Facts of a file are asked
 * for only when the visitor looks at them, its content only when it is wanted.
 * Errors  `PratiqueError` `file/not-found` or `file/unreadable` for the root itself; anything below that cannot be read
 *         is reported and passed over.
 */
import { basename, join } from 'node:path';
import { FormatError, LimitError, limits, PratiqueError } from '#base';
import { type FileEntry, SNIFF_BYTES, type SourceFile, type TreeVisitor } from '#model';
import { fileFacts, type FileFacts, listDirectory, openRandomAccess, type RandomAccess } from '#platform';
import { breathe } from './breathe.js';
import { everyPath } from './path-filter.js';
import type { WalkOptions } from './walk-archive.js';

export async function walkDirectory(root: string, visitor: TreeVisitor, options: WalkOptions = {}): Promise<void> {
  const filter = options.filter ?? everyPath;
  if (fileFacts(root, { follow: true }).kind !== 'directory') {
    const name = basename(root);
    if (!filter.skipsFile(name)) await offer(new DiskFile(root, name, true), visitor);
    return;
  }
  const pending: string[] = [''];
  let visited = 0;
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    if (++visited % BREATH === 0) await breathe(options.signal);
    const below: string[] = [];
    for (const { name, kind } of itemsOf(root, directory, visitor)) {
      const path = directory === '' ? name : `${directory}/${name}`;
      if (kind === 'directory' && !filter.skipsDirectory(path)) below.push(path);
      if (kind !== 'file' || filter.skipsFile(path)) continue;
      const offered = offer(new DiskFile(join(root, path), path, false), visitor);
      if (offered) await offered;
    }
    // The last one in is the next one out.
    for (let i = below.length - 1; i >= 0; i--) pending.push(below[i]!);
  }
}

/** Directories between pauses for time-outs. */
const BREATH = 512;

function itemsOf(root: string, directory: string, visitor: TreeVisitor): ReturnType<typeof listDirectory> {
  try {
    return listDirectory(directory === '' ? root : join(root, directory));
  } catch (error) {
    if (directory === '' || !(error instanceof PratiqueError)) throw error;
    visitor.report('walk/unreadable', error.message, directory);
    return [];
  }
}

function offer(file: DiskFile, visitor: TreeVisitor): undefined | Promise<void> {
  const want = visitor.want(file);
  if (want === 'skip') return undefined;
  try {
    file.open();
    if (want === 'sniff' && !visitor.sniff(file, file.read(0, SNIFF_BYTES))) {
      file.release();
      return undefined;
    }
  } catch (error) {
    file.release();
    if (!(error instanceof PratiqueError || error instanceof FormatError)) throw error;
    visitor.report('walk/unreadable', error.message, file.path);
    return undefined;
  }
  return visit(file, visitor);
}

async function visit(file: DiskFile, visitor: TreeVisitor): Promise<void> {
  try {
    await visitor.visit(file);
  } finally {
    file.release();
  }
}

/**
 * A file on disk. Open while it is visited; read later, it is opened for each read. What cannot be read any more is a
 * `FormatError`, which costs the reader this file and not the scan.
 */
class DiskFile implements SourceFile {
  readonly path: string;
  private readonly place: string;
  private readonly follow: boolean;
  private known: Pick<FileFacts, 'size' | 'mode'> | undefined;
  private opened: RandomAccess | undefined;

  constructor(place: string, path: string, follow: boolean) {
    this.place = place;
    this.path = path;
    this.follow = follow;
  }

  get size(): FileEntry['size'] {
    return this.opened?.size ?? this.facts().size;
  }

  get mode(): FileEntry['mode'] {
    return this.facts().mode;
  }

  bytes(): Uint8Array {
    return this.read(0, this.size);
  }

  text(): string {
    const bytes = this.bytes();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  }

  read(offset: number, length: number): Uint8Array {
    const count = Math.max(0, Math.min(length, this.size - offset));
    if (count > limits.textFile) throw new LimitError(this.path, limits.textFile);
    if (this.opened) return this.opened.read(offset, count);
    try {
      this.open();
      return this.opened!.read(offset, count);
    } catch (error) {
      throw error instanceof PratiqueError ? new FormatError(error.message, { cause: error }) : error;
    } finally {
      this.release();
    }
  }

  open(): void {
    this.opened = openRandomAccess(this.place, { noFollow: !this.follow });
  }

  release(): void {
    this.opened?.close();
    this.opened = undefined;
  }

  /** A file that vanished has no facts; opening it tells. */
  private facts(): Pick<FileFacts, 'size' | 'mode'> {
    if (this.known) return this.known;
    try {
      this.known = fileFacts(this.place, { follow: this.follow });
    } catch (error) {
      if (!(error instanceof PratiqueError)) throw error;
      this.known = { size: 0, mode: 0 };
    }
    return this.known;
  }
}
