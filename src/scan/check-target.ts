/**
 * What to scan is checked before anything is opened or downloaded: callers of the library may not be typed, and a
 * missing file must not show only after the download of a database.
 */
import { resolve } from 'node:path';
import { checkArchive, looksRemote } from '#artifact';
import { PratiqueError } from '#base';
import { fileFacts, listDirectory, openRandomAccess } from '#platform';
import type { ScanTarget } from './options.js';

const kinds: readonly string[] = ['image', 'rootfs', 'filesystem', 'repository', 'sbom'] satisfies ScanTarget['kind'][];

export function checkTarget(target: ScanTarget, cwd: string): void {
  const fail = (problem: string): never => {
    throw new PratiqueError('usage/invalid', { problem });
  };
  if (!kinds.includes(target.kind)) fail(`the kind of a target is one of ${kinds.join(', ')}`);
  if (target.kind === 'image') {
    if (!target.name && !target.input) fail('an image needs a name or an input');
    if (target.input) checkArchive(target.input);
  } else if (!target.path) fail(`a target of the kind ${target.kind} needs a path`);
  else if (target.kind !== 'repository' || isLocal(target.path)) checkReadable(target.path, cwd);
}

/** A repository that is no file or directory here may be at a host; its URL is checked when it is cloned. */
function isLocal(path: string): boolean {
  if (!looksRemote(path)) return true;
  try {
    fileFacts(path);
    return true;
  } catch {
    return false;
  }
}

/** Messages name the path as the user wrote it. */
function checkReadable(path: string, cwd: string): void {
  try {
    const at = resolve(cwd, path);
    const { kind } = fileFacts(at, { follow: true });
    if (kind === 'directory') listDirectory(at);
    // Anything else, such as a pipe, can be read only once.
    else if (kind === 'file') openRandomAccess(at).close();
  } catch (error) {
    if (!(error instanceof PratiqueError) || error.code !== 'file/not-found') throw error;
    throw new PratiqueError('file/not-found', { path }, error);
  }
}
