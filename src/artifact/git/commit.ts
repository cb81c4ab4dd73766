/**
 * A commit: what the report tells of it, and its tree.
 * Errors  `FormatError` when it is no commit.
 * Source  https://git-scm.com/docs/git-commit-tree, https://git-scm.com/docs/git-commit#_discussion (encoding)
 */
import { FormatError } from '#base';
import type { GitObject } from './object.js';

export interface GitCommit {
  readonly tree: string;
  /** `Name <mail>` */
  readonly author: string;
  readonly committer: string;
  /** Without the white space around. */
  readonly message: string;
}

export function parseCommit({ type, bytes }: GitObject): GitCommit {
  if (type !== 'commit') throw new FormatError(`a ${type}, not a commit`);
  // Byte by byte, so that the encoding can be looked up in it.
  const raw = Buffer.from(bytes).toString('latin1');
  const end = raw.indexOf('\n\n');
  const headers = new Map<string, string>();
  for (const line of (end < 0 ? raw : raw.slice(0, end)).split('\n')) {
    const space = line.indexOf(' ');
    // Continued lines begin with a space.
    if (space > 0 && !headers.has(line.slice(0, space))) headers.set(line.slice(0, space), line.slice(space + 1));
  }
  const tree = headers.get('tree') ?? '';
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(tree)) throw new FormatError('a commit without a tree');
  const decode = decoder(headers.get('encoding') ?? 'utf-8');
  return {
    tree,
    author: person(decode(headers.get('author') ?? '')),
    committer: person(decode(headers.get('committer') ?? '')),
    message: end < 0 ? '' : decode(raw.slice(end + 2)).trim(),
  };
}

function decoder(label: string): (latin1: string) => string {
  let text: InstanceType<typeof TextDecoder>;
  try {
    text = new TextDecoder(label);
  } catch {
    // An encoding that the runtime does not know is shown as the default one.
    text = new TextDecoder();
  }
  return (latin1) => text.decode(Buffer.from(latin1, 'latin1'));
}

/** `Name <mail> 1700000000 +0100` without the time. */
function person(line: string): string {
  const [open, close] = [line.indexOf('<'), line.lastIndexOf('>')];
  if (open < 0 || close < open) return '';
  return `${line.slice(0, open).trim()} <${line.slice(open + 1, close)}>`;
}
