/**
 * Where the repository of a work tree is kept: `.git` in the tree itself, as a directory or, for linked work trees and
 * submodules, as a file that names one.
 * Limits  a link is followed only to a repository that names this tree as its own: a hostile tree must not show another
 *         repository of the user as its own. Symbolic links are not followed. Nothing of the repository is executed.
 * Source  https://git-scm.com/docs/gitrepository-layout
 */
import { join, resolve } from 'node:path';
import { LimitError, PratiqueError } from '#base';
import { fileFacts, openRandomAccess } from '#platform';
import { gitConfigValue } from './config.js';

export interface GitDirectory {
  /** HEAD and what belongs to one work tree. */
  readonly own: string;
  /** References, objects and configuration, shared among work trees. */
  readonly common: string;
}

/** `undefined` when the tree is no work tree, or not one whose repository can be trusted to be its own. */
export function findGitDirectory(tree: string): GitDirectory | undefined {
  const place = join(tree, '.git');
  const { kind } = factsOf(place) ?? {};
  if (kind === 'directory') return { own: place, common: place };
  if (kind !== 'file') return undefined;
  const named = /^gitdir: ([^\0\r\n]+)\r?\n?$/.exec(readGitText(place, 8192) ?? '')?.[1];
  if (named === undefined) return undefined;
  const own = resolve(tree, named);
  const common = linkedFrom(own, place) ?? submoduleOf(own, tree);
  return common === undefined ? undefined : { own, common };
}

/** A linked work tree: `gitdir` leads back to the file that led here. */
function linkedFrom(own: string, place: string): string | undefined {
  const back = readGitText(join(own, 'gitdir'), 8192)?.trim();
  if (!back || resolve(own, back) !== resolve(place)) return undefined;
  const common = readGitText(join(own, 'commondir'), 8192)?.trim();
  return common ? resolve(own, common) : undefined;
}

/** A submodule: the configuration names its work tree. */
function submoduleOf(own: string, tree: string): string | undefined {
  const back = gitConfigValue(readGitText(join(own, 'config'), 1024 * 1024) ?? '', 'core.worktree');
  return back !== undefined && resolve(own, back) === resolve(tree) ? own : undefined;
}

/** The text of a regular file; `undefined` when there is none, or it is longer than `limit` bytes. */
export function readGitText(path: string, limit: number): string | undefined {
  try {
    const file = openRandomAccess(path, { noFollow: true });
    try {
      if (file.size > limit) throw new LimitError(path, limit);
      return new TextDecoder().decode(file.read(0, file.size));
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof PratiqueError || error instanceof LimitError) return undefined;
    throw error;
  }
}

function factsOf(path: string): ReturnType<typeof fileFacts> | undefined {
  try {
    return fileFacts(path);
  } catch (error) {
    if (error instanceof PratiqueError) return undefined;
    throw error;
  }
}
