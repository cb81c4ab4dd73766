/** Nobody reads the report any more, as in `pratique … | head`: no failure of ours. */
export function isBrokenPipe(error: unknown): boolean {
  const code = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined)?.code : undefined;
  return code === 'EPIPE' || code === 'ECONNRESET';
}
