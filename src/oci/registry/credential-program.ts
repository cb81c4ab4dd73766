/**
 * Programs that keep credentials: `docker-credential-NAME get`, the server's address on standard input,
 * `{Username, Secret}` on standard output.
 * Limits  30 s, 1 MiB of output; run without a shell. A helper that fails is warned of and counts as having nothing.
 * Source  https://github.com/docker/docker-credential-helpers#development
 */
import { runProgram, type World } from '#platform';
import { type Credential, passwordCredential } from './credential.js';

const TIMEOUT = 30_000;

export async function askHelper(
  name: string,
  server: string,
  world: World,
  signal: AbortSignal,
): Promise<Credential | undefined> {
  const program = `docker-credential-${name}`;
  const warn = (reason: string): undefined => {
    world.log.warn('The credential helper gave no credentials', { helper: program, registry: server, reason });
    return undefined;
  };
  // The name becomes a part of a program's name: a path in it would run something else.
  if (!/^\w[\w.-]*$/.test(name)) return warn('its name is not valid');
  const result = await runProgram(program, ['get'], { input: server, timeout: TIMEOUT, env: world.env, signal });
  if (result.outcome !== 'ended') return warn(result.reason ?? 'failed');
  if (result.exitCode !== 0) {
    // Helpers say so on standard output, with these words.
    const reason = (result.stdout || result.stderr).trim().slice(0, 300);
    return /credentials not found/i.test(reason) ? undefined : warn(reason || `exit code ${result.exitCode}`);
  }
  return parseAnswer(result.stdout, program) ?? warn('its answer is not understood');
}

function parseAnswer(text: string, source: string): Credential | undefined {
  try {
    const { Username, Secret } = JSON.parse(text) as { Username?: unknown; Secret?: unknown };
    if (typeof Username !== 'string' || typeof Secret !== 'string' || !Secret) return undefined;
    return passwordCredential(Username, Secret, source);
  } catch {
    return undefined;
  }
}
