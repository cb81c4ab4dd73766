/**
 * What a report tells of the git repository that a directory is the work tree of: remote, branch, tags and commit.
 * Read from its files: git itself would run programs that the repository's own configuration names.
 * Yields  `undefined` when the directory has no `.git`, or there is no commit.
 * Errors  `FormatError` and `LimitError` for damaged repositories.
 */
import { join } from 'node:path';
import { compact, redact } from '#base';
import type { GitMetadata } from '#model';
import { parseCommit } from './commit.js';
import { gitConfigValue } from './config.js';
import { findGitDirectory, readGitText } from './directory.js';
import { openGitObjects } from './objects.js';
import { readHead, tagsAt } from './refs.js';

/** Bytes of a commit, its message included. */
const MAX_COMMIT = 1024 * 1024;
const MAX_CONFIG = 1024 * 1024;

export function readGitMetadata(tree: string): GitMetadata | undefined {
  const repository = findGitDirectory(tree);
  const head = repository && readHead(repository);
  if (!repository || !head) return undefined;
  const objects = openGitObjects(repository.common);
  try {
    const object = objects.read(head.commit, MAX_COMMIT);
    if (!object) return undefined;
    const { author, committer, message } = parseCommit(object);
    const tags = tagsAt(repository, head.commit);
    return compact({
      repoUrl: remoteUrl(readGitText(join(repository.common, 'config'), MAX_CONFIG) ?? ''),
      branch: head.branch,
      tags: tags.length > 0 ? tags : undefined,
      commit: head.commit,
      commitMessage: message,
      author,
      committer,
    });
  } finally {
    objects.close();
  }
}

/** Of a fork, the repository it was forked from counts. */
function remoteUrl(config: string): string | undefined {
  const url = gitConfigValue(config, 'remote.upstream.url') ?? gitConfigValue(config, 'remote.origin.url');
  return url === undefined ? undefined : withoutCredentials(url);
}

/** Also of URLs that are none by the book. */
export function withoutCredentials(url: string): string {
  return redact(url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1'));
}
