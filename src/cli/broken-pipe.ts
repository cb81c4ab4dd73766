import { PratiqueError } from '#base';

/** Nobody reads the report any more, as in `pratique … | head`: no failure of ours. A socket is reset, a pipe broken. */
export function isBrokenPipe(error: unknown): boolean {
  if (!(error instanceof PratiqueError) || error.code !== 'file/unwritable') return false;
  const code = (error.cause as NodeJS.ErrnoException | undefined)?.code;
  return code === 'EPIPE' || code === 'ECONNRESET';
}
