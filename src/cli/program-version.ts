/** The version of this program, from its package. The compiled binary has it built in. */
import { createRequire } from 'node:module';

declare const PRATIQUE_VERSION: string | undefined;

export function programVersion(): string {
  if (typeof PRATIQUE_VERSION === 'string') return PRATIQUE_VERSION;
  return (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
}
