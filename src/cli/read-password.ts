/** `--password-stdin`: the password is the first line of standard input. */
import { LimitError, PratiqueError } from '#base';
import type { World } from '#platform';
import type { ScanOptions } from '#scan';
import type { ScanCommandOptions } from './commands/scan-options.js';

const limit = 64 * 1024;

export async function readPassword(
  options: ScanCommandOptions,
  scanOptions: ScanOptions,
  world: World,
): Promise<ScanOptions> {
  if (!options['password-stdin']) {
    if (options.username.length !== options.password.length) {
      throw new PratiqueError('usage/invalid', { problem: 'there must be as many passwords as user names' });
    }
    return scanOptions;
  }
  if (options.username.length !== 1 || options.password.length > 0) {
    throw new PratiqueError('usage/invalid', {
      problem: '--password-stdin needs exactly one --username and no --password',
    });
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of world.stdin) {
    size += chunk.length;
    if (size > limit) throw new LimitError('the password', limit);
    chunks.push(chunk);
  }
  const password = Buffer.concat(chunks).toString('utf8').split(/\r?\n/, 1)[0]!;
  return {
    ...scanOptions,
    registry: { ...scanOptions.registry, credentials: [{ username: options.username[0]!, password }] },
  };
}
