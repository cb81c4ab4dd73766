/**
 * Writes the files of a commit beside its repository. Symbolic links and submodules are left out: a scan follows
 * neither.
 * Limits  those of a clone in bytes and files; 1 GiB a file, 64 MiB a directory, 256 directories deep.
 * Errors  `FormatError` for what is damaged or missing, `LimitError`, `PratiqueError`.
 */
import { join } from 'node:path';
import { FormatError, LimitError, limits } from '#base';
import { confinedFileSystem } from '#platform';
import { breathe } from '../breathe.js';
import { cloneLimits } from './clone-request.js';
import { parseCommit } from './commit.js';
import type { GitObjectType } from './object.js';
import { openGitObjects } from './objects.js';
import { parseTree } from './tree.js';

const MAX_COMMIT = 1024 * 1024;
const MAX_TREE = 64 * 1024 * 1024;
const MAX_FILE = 1024 ** 3;
const MAX_DEPTH = 256;
const BREATH = 64;

/** `place` holds `.git` and nothing else yet. */
export async function writeWorkTree(place: string, commit: string, signal: AbortSignal): Promise<void> {
  const { mkdir, writeFile } = confinedFileSystem(place).promises;
  const objects = openGitObjects(join(place, '.git'));
  const read = (id: string, type: GitObjectType, limit: number): Uint8Array => {
    const object = objects.read(id, limit);
    if (object?.type !== type) throw new FormatError(`the ${type} ${id} is missing`);
    return object.bytes;
  };
  let [size, count] = [0, 0];
  try {
    const { tree } = parseCommit({ type: 'commit', bytes: read(commit, 'commit', MAX_COMMIT) });
    const pending = [{ id: tree, path: place, depth: 0 }];
    for (let at = pending.pop(); at; at = pending.pop()) {
      if (at.depth > MAX_DEPTH) throw new FormatError(`directories are nested more than ${MAX_DEPTH} deep`);
      for (const { name, kind, id } of parseTree(read(at.id, 'tree', MAX_TREE), tree.length / 2)) {
        if (++count > limits.entries) throw new LimitError('the number of files', limits.entries);
        if (count % BREATH === 0) await breathe(signal);
        const path = join(at.path, name);
        if (kind === 'directory') {
          await mkdir(path);
          pending.push({ id, path, depth: at.depth + 1 });
        } else if (kind === 'file' || kind === 'executable') {
          const bytes = read(id, 'blob', MAX_FILE);
          if ((size += bytes.length) > cloneLimits.tree) throw new LimitError('the work tree', cloneLimits.tree);
          await writeFile(path, bytes, { flag: 'wx', mode: kind === 'file' ? 0o644 : 0o755 });
        }
      }
    }
  } finally {
    objects.close();
  }
}
