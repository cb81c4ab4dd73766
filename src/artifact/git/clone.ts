/**
 * A remote repository on disk: cloned into a temporary directory by the git of the system, or where there is none by a
 * library that speaks https alone.
 * Limits  8 GiB of history, 16 GiB and 5 million files of work tree; no submodules, hooks, large file storage or
 *         programs of the repository; links stay links and are not followed.
 * Errors  `PratiqueError` `git/…`, `limit/exceeded`.
 */
import { join } from 'node:path';
import { compact } from '#base';
import { tempDirectory, type World } from '#platform';
import { type CloneOptions, type CloneRequest, noSuchRevision } from './clone-request.js';
import { isSafeReference } from './refs.js';
import { credentialsFor } from './token.js';
import { type GitUrl, parseGitUrl } from './url.js';

export type { CloneOptions } from './clone-request.js';

export interface Clone {
  /** The work tree. */
  readonly path: string;
  /** Removes it. */
  close(): Promise<void>;
}

export async function cloneRepository(target: string, options: CloneOptions, world: World): Promise<Clone> {
  const url = parseGitUrl(target);
  checkRevision(url, options);
  const temporary = await tempDirectory();
  const request: CloneRequest = compact({
    ...options,
    url,
    credentials: credentialsFor(url, world.env, options.insecure ?? false),
    scratch: temporary.path,
    tree: join(temporary.path, 'tree'),
  });
  try {
    world.log.info('cloning the repository', { url: url.text });
    const { cloneWithProgram } = await import('./program.js');
    if (!(await cloneWithProgram(request, world))) {
      world.log.debug('git is not installed: cloning with the built-in library');
      const { cloneWithLibrary } = await import('./library.js');
      await cloneWithLibrary(request, world);
    }
    return { path: request.tree, close: () => temporary.remove() };
  } catch (error) {
    await temporary.remove();
    throw error;
  }
}

function checkRevision(url: GitUrl, { branch, tag, commit }: CloneOptions): void {
  const named = { branch: branch && `refs/heads/${branch}`, tag: tag && `refs/tags/${tag}` };
  for (const [kind, name] of Object.entries(named)) {
    if (name && (!isSafeReference(name) || /^refs\/[a-z]+\/-/.test(name)))
      throw noSuchRevision(url, kind, name.slice(name.indexOf('/', 5) + 1));
  }
  if (commit && !/^[0-9a-f]{4,64}$/i.test(commit)) throw noSuchRevision(url, 'commit', commit);
}
