/**
 * References of a repository: HEAD, branches, tags; loose and packed.
 * Reads   the files backend; a repository with reftables has no readable HEAD here.
 * Limits  64 MiB of packed references, 100,000 loose tags, 5 symbolic references in a row. Names that could leave the
 *         repository are refused.
 * Source  https://git-scm.com/docs/gitrepository-layout, https://git-scm.com/docs/git-check-ref-format
 */
import { join } from 'node:path';
import { PratiqueError } from '#base';
import { listDirectory } from '#platform';
import { type GitDirectory, readGitText } from './directory.js';

export interface GitHead {
  /** Hexadecimal object id. */
  readonly commit: string;
  /** Absent when HEAD is detached. */
  readonly branch?: string;
}

const MAX_PACKED = 64 * 1024 * 1024;
const MAX_LOOSE_TAGS = 100_000;
const objectId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function readHead(repository: GitDirectory): GitHead | undefined {
  let name = 'HEAD';
  for (let hops = 0; hops < 5; hops++) {
    const text = readReference(repository, name)?.trim();
    if (text === undefined) return undefined;
    if (objectId.test(text)) {
      const branch = name.startsWith('refs/heads/') ? name.slice('refs/heads/'.length) : undefined;
      return { commit: text, ...(branch !== undefined && { branch }) };
    }
    const next = /^ref: *(.+)$/.exec(text)?.[1];
    if (next === undefined || !isSafeReference(next)) return undefined;
    name = next;
  }
  return undefined;
}

/** Names of the tags that point at an object itself, as lightweight tags do, in byte order. */
export function tagsAt(repository: GitDirectory, id: string): readonly string[] {
  const tags = new Map<string, string>();
  for (const [name, target] of packedReferences(repository)) {
    if (name.startsWith('refs/tags/')) tags.set(name.slice('refs/tags/'.length), target);
  }
  for (const name of looseTags(repository)) {
    const target = readGitText(join(repository.common, 'refs/tags', name), 1024)?.trim();
    if (target !== undefined) tags.set(name, target);
  }
  const found = [...tags].filter(([, target]) => target === id).map(([name]) => name);
  return found.sort((a, b) => (a < b ? -1 : 1));
}

/** Under `refs/`, and of a form that stays inside the repository. */
export function isSafeReference(name: string): boolean {
  return (
    /^refs\/[^\0-\x20\x7f~^:?*[\\]+$/.test(name) &&
    name.length <= 1024 &&
    name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.includes('..'))
  );
}

function readReference(repository: GitDirectory, name: string): string | undefined {
  const own = readGitText(join(repository.own, name), 1024);
  if (own !== undefined || name === 'HEAD') return own;
  const shared = readGitText(join(repository.common, name), 1024);
  if (shared !== undefined) return shared;
  for (const [packed, target] of packedReferences(repository)) if (packed === name) return target;
  return undefined;
}

/** Name and object id; the ids that annotated tags peel to are left out. */
function* packedReferences(repository: GitDirectory): Generator<readonly [string, string]> {
  const text = readGitText(join(repository.common, 'packed-refs'), MAX_PACKED) ?? '';
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    start = end + 1;
    const space = line.indexOf(' ');
    if (space < 40 || line.startsWith('#')) continue;
    const [target, name] = [line.slice(0, space), line.slice(space + 1).trimEnd()];
    if (objectId.test(target) && isSafeReference(name)) yield [name, target];
  }
}

function looseTags(repository: GitDirectory): string[] {
  const found: string[] = [];
  const pending = [''];
  for (let at = pending.pop(); at !== undefined && found.length < MAX_LOOSE_TAGS; at = pending.pop()) {
    for (const { name, kind } of itemsOf(join(repository.common, 'refs/tags', at))) {
      const path = at === '' ? name : `${at}/${name}`;
      if (!isSafeReference(`refs/tags/${path}`)) continue;
      if (kind === 'directory') pending.push(path);
      if (kind === 'file') found.push(path);
    }
  }
  return found;
}

function itemsOf(path: string): ReturnType<typeof listDirectory> {
  try {
    return listDirectory(path);
  } catch (error) {
    if (error instanceof PratiqueError) return [];
    throw error;
  }
}
