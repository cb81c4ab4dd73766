/**
 * Directories and file facts, synchronously, symbolic links not followed.
 * Errors  `PratiqueError` `file/not-found` or `file/unreadable`.
 */
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { reading } from './random-access-file.js';

export type DirectoryItemKind = 'file' | 'directory' | 'other';

export interface DirectoryItem {
  readonly name: string;
  readonly kind: DirectoryItemKind;
}

export interface FileFacts {
  readonly kind: DirectoryItemKind;
  /** Bytes. */
  readonly size: number;
  /** Unix permission bits. */
  readonly mode: number;
}

/** The items of a directory in byte order of names. */
export function listDirectory(path: string): DirectoryItem[] {
  const items = reading(path, () => readdirSync(path, { withFileTypes: true }));
  return items.map((item) => ({ name: item.name, kind: kindOf(item) })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** With `follow`, the facts of what a symbolic link points at. */
export function fileFacts(path: string, options: { readonly follow?: boolean } = {}): FileFacts {
  const stat = reading(path, () => (options.follow ? statSync(path) : lstatSync(path)));
  return { kind: kindOf(stat), size: stat.size, mode: stat.mode & 0o7777 };
}

function kindOf(item: { isFile(): boolean; isDirectory(): boolean }): DirectoryItemKind {
  if (item.isFile()) return 'file';
  return item.isDirectory() ? 'directory' : 'other';
}
