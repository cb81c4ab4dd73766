/**
 * Which files and directories the user told the walk to pass over (`--skip-files`, `--skip-dirs`).
 * Globs are matched against the whole root-relative path. A file lies in a skipped directory when any of its parents
 * matches, whether or not an archive has an entry for that directory.
 * Grammar: https://github.com/bmatcuk/doublestar#patterns
 */
import { isAbsolute, relative, resolve } from 'node:path';
import { compileGlob, PratiqueError } from '#base';

export interface PathFilter {
  /** By the file's own path or one of its directories. */
  skipsFile(path: string): boolean;
  /** The directory or one that holds it. */
  skipsDirectory(path: string): boolean;
}

export interface PathFilterOptions {
  readonly skipFiles?: readonly string[];
  readonly skipDirs?: readonly string[];
  /**
   * For directories: a pattern that, taken as a path from `cwd`, lies inside `root` is made relative to `root`;
   * version control and kernel file systems are skipped too.
   */
  readonly directory?: { readonly root: string; readonly cwd: string };
}

/** What no scan of a directory reads: history of version control, and the kernel's own file systems. */
const builtInSkipDirs: readonly string[] = ['**/.git', 'proc', 'sys', 'dev'];

export const everyPath: PathFilter = { skipsFile: () => false, skipsDirectory: () => false };

export function createPathFilter(options: PathFilterOptions): PathFilter {
  const { directory } = options;
  const normal = (pattern: string): string => clean(directory ? relativeTo(directory, pattern) : pattern);
  const files = compile([...(options.skipFiles ?? [])].map(normal));
  const dirs = compile([...(directory ? builtInSkipDirs : []), ...(options.skipDirs ?? []).map(normal)]);
  if (files.length === 0 && dirs.length === 0) return everyPath;
  const known = new Map<string, boolean>();
  const skipsDirectory = (path: string): boolean => {
    if (dirs.length === 0 || path === '') return false;
    const before = known.get(path);
    if (before !== undefined) return before;
    const skipped = skipsDirectory(parentOf(path)) || dirs.some((glob) => glob.test(path));
    if (known.size > MAX_KNOWN) known.clear();
    known.set(path, skipped);
    return skipped;
  };
  return {
    skipsDirectory,
    skipsFile: (path) => skipsDirectory(parentOf(path)) || files.some((glob) => glob.test(path)),
  };
}

/** Directories remembered; neighbors in a walk share their parents. */
const MAX_KNOWN = 50_000;

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function relativeTo({ root, cwd }: { readonly root: string; readonly cwd: string }, pattern: string): string {
  const inside = relative(resolve(cwd, root), resolve(cwd, pattern));
  return inside.startsWith('..') || isAbsolute(inside) ? pattern : inside;
}

/** The shortest equal path, without leading slashes. */
function clean(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.replaceAll('\\', '/').split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function compile(patterns: readonly string[]): RegExp[] {
  return patterns.map((pattern) => {
    try {
      return compileGlob(pattern);
    } catch (error) {
      throw new PratiqueError('usage/invalid', { problem: `bad pattern: ${(error as Error).message}` }, error);
    }
  });
}
