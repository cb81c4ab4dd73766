/**
 * The entries of a directory in a repository.
 * Errors  `FormatError` for damaged ones, and for names that would leave the directory or reach the repository itself.
 * Source  https://git-scm.com/book/en/v2/Git-Internals-Git-Objects (tree objects),
 *         https://git-scm.com/docs/git-fsck#_fsck_messages (hasDot, hasDotdot, hasDotgit, fullPathname)
 */
import { FormatError } from '#base';

export interface GitTreeEntry {
  readonly name: string;
  readonly kind: 'directory' | 'file' | 'executable' | 'link' | 'submodule';
  readonly id: string;
}

const kinds: Readonly<Record<string, GitTreeEntry['kind']>> = {
  '40000': 'directory',
  '040000': 'directory',
  '100644': 'file',
  '100664': 'file',
  '100755': 'executable',
  '120000': 'link',
  '160000': 'submodule',
};

/** `idLength` in bytes: 20 or 32. */
export function* parseTree(bytes: Uint8Array, idLength: number): Generator<GitTreeEntry> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < buffer.length;) {
    const space = buffer.indexOf(0x20, at);
    const end = buffer.indexOf(0, at);
    if (space < 0 || end < space || end + 1 + idLength > buffer.length) throw new FormatError('a tree is damaged');
    const kind = kinds[buffer.toString('latin1', at, space)];
    const name = buffer.toString('utf8', space + 1, end);
    if (!kind) throw new FormatError('a tree has an entry of unknown mode');
    if (!isSafeName(name)) throw new FormatError(`a tree has an entry named ${JSON.stringify(name)}`);
    yield { name, kind, id: buffer.toString('hex', end + 1, end + 1 + idLength) };
    at = end + 1 + idLength;
  }
}

/** Also where the file system ignores case, trailing dots and blanks, or invisible characters. */
function isSafeName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) return false;
  const folded = name
    .replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();
  return folded !== '.git' && folded !== 'git~1' && !folded.startsWith('.git:');
}
