/** An Open Policy Agent to compare with: the program that `scripts/validators.mjs` builds, as a server on a socket. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../.cache/validators/opa', import.meta.url));

/** Why tests by it are left out. */
export const noOpa: string | false = existsSync(program) ? false : 'no opa: run node scripts/validators.mjs';

/** `refused`: the policy does not compile, or its evaluation fails. */
export type Answer = { readonly value: unknown } | { readonly refused: string };

export interface Opa {
  /** The value of `data.trivy.ignore`. */
  ask(policy: string, input: unknown): Promise<Answer>;
  stop(): void;
}

export async function startOpa(): Promise<Opa> {
  const folder = mkdtempSync(join(tmpdir(), 'pratique-opa-'));
  const socketPath = join(folder, 'socket');
  const options = ['--v0-compatible', '--skip-version-check', '--log-level', 'error', '--addr', `unix://${socketPath}`];
  const child = spawn(program, ['run', '--server', ...options], { stdio: 'ignore', cwd: folder });
  const send = (method: string, path: string, body: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const sent = request({ socketPath, method, path }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sent.on('error', reject).end(body);
    });
  const stop = (): void => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !existsSync(socketPath); tries++) {
    if (tries > 200 || child.exitCode !== null) {
      stop();
      throw new Error('opa does not start');
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    stop,
    async ask(policy, input) {
      const put = await send('PUT', '/v1/policies/policy', policy);
      if (put.status !== 200) return { refused: put.text };
      const { status, text } = await send('POST', '/v1/data/trivy/ignore', JSON.stringify({ input }));
      return status === 200 ? { value: (JSON.parse(text) as { result?: unknown }).result } : { refused: text };
    },
  };
}
