/**
 * The runtime's file system for libraries that bring their own file work, confined to one directory.
 * Limits  every path must lie inside the root; symbolic links are neither made nor followed there, since none exists.
 * Errors  `PratiqueError` `file/unwritable` for a path outside; otherwise the runtime's own, which such libraries expect.
 */
import * as fs from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { PratiqueError } from '#base';

export interface ConfinedFileSystem {
  readonly promises: Pick<
    typeof fs,
    'readFile' | 'writeFile' | 'unlink' | 'readdir' | 'mkdir' | 'rmdir' | 'stat' | 'lstat' | 'readlink' | 'symlink'
  >;
}

type Call = (path: string, ...rest: readonly unknown[]) => Promise<unknown>;

export function confinedFileSystem(root: string): ConfinedFileSystem {
  const top = resolve(root);
  const inside = (path: unknown): string => {
    const place = typeof path === 'string' ? resolve(path) : '';
    if (place === top || place.startsWith(top + sep)) return place;
    throw new PratiqueError('file/unwritable', { path: String(path), reason: `not inside ${top}` });
  };
  const confined = (call: unknown): Call => {
    return async (path, ...rest) => (call as Call)(inside(path), ...rest);
  };
  const names = ['readFile', 'writeFile', 'unlink', 'readdir', 'mkdir', 'rmdir', 'stat', 'lstat', 'readlink'] as const;
  const calls = Object.fromEntries(names.map((name) => [name, confined(fs[name])]));
  return { promises: { ...calls, symlink } as unknown as ConfinedFileSystem['promises'] };
}

const symlink: Call = (path) =>
  Promise.reject(
    new PratiqueError('file/unwritable', { path: String(path), reason: 'no symbolic links are made here' }),
  );
