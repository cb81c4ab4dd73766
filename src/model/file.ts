/** One regular file of a tree being walked, before its content is read. */
export interface FileEntry {
  /** POSIX, relative to the root, no leading `/`, no `..`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Unix permission bits. */
  readonly mode: number;
}

/**
 * A file whose content can be read. Reading is synchronous: content lies in memory, in a spool file or in a local archive.
 * Every reader is limited; a file over its limit throws a `LimitError`, which the collector turns into a diagnostic.
 */
export interface SourceFile extends FileEntry {
  /** The whole content. */
  bytes(): Uint8Array;
  /** The whole content as UTF-8, invalid sequences replaced, byte order mark kept. */
  text(): string;
  /** `length` bytes from `offset`; shorter at the end of the file. */
  read(offset: number, length: number): Uint8Array;
}

/** `skip`: content is not read; `sniff`: `TreeVisitor.sniff` decides by the first bytes; `read`: the content is wanted. */
export type Want = 'skip' | 'sniff' | 'read';

/** Bytes shown to `TreeVisitor.sniff` (fewer when the file is shorter). */
export const SNIFF_BYTES = 4096;

/** Receives the files of a layer or directory in walk order. Awaited: a slow visitor slows the walk. */
export interface TreeVisitor {
  want(entry: FileEntry): Want;
  sniff(entry: FileEntry, head: Uint8Array): boolean;
  /** Whether a hard link is to be visited under its own name. By default: when it is wanted by name and its target is not. */
  wantsLink?(link: FileEntry, target: FileEntry): boolean;
  visit(file: SourceFile): void | Promise<void>;
  /** A file or directory of lower layers is removed (`whiteout`), or a directory's lower content is (`opaque`). */
  hide(path: string, kind: 'whiteout' | 'opaque'): void;
  /** Something in the tree could not be read. */
  report(code: string, message: string, path?: string): void;
}
