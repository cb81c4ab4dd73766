/** Turns a failed system call on a file into the error the user sees. */
import { PratiqueError } from '#base';

export function fileError(path: string, error: unknown, doing: 'read' | 'write'): PratiqueError {
  if (error instanceof PratiqueError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const details = { path, reason: reason(code, error) };
  if (doing === 'read') {
    return new PratiqueError(code === 'ENOENT' ? 'file/not-found' : 'file/unreadable', details, error);
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return new PratiqueError('file/no-space', details, error);
  if (code === 'EROFS') return new PratiqueError('file/read-only', details, error);
  return new PratiqueError('file/unwritable', details, error);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOENT: 'no such directory',
  EMFILE: 'too many open files',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EFBIG: 'larger than files may be here',
};

function reason(code: string | undefined, error: unknown): string {
  return (code && reasons[code]) || code || (error instanceof Error ? error.message : String(error));
}
