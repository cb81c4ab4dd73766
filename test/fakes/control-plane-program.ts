/** One program of a control plane: started, waited for, ended with the test however that ends. */
import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';

export interface ControlPlaneProgram {
  stop(): Promise<void>;
}

export interface ProgramOptions {
  /** Path of a file for everything it writes. */
  readonly log: string;
  readonly ready?: (() => Promise<boolean>) | undefined;
}

const PATIENCE = 60_000;

export async function startProgram(
  path: string,
  args: readonly string[],
  { log, ready }: ProgramOptions,
): Promise<ControlPlaneProgram> {
  const output = openSync(log, 'a');
  const child = spawn(path, args, { stdio: ['ignore', output, output] });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  let ended = false;
  const end = new Promise<void>((resolve) => {
    const settle = (): void => {
      ended = true;
      resolve();
    };
    child.once('exit', settle);
    child.once('error', settle);
  });
  const began = Date.now();
  for (;;) {
    if (!ready || (await ready())) break;
    if (ended || Date.now() - began > PATIENCE) {
      kill();
      throw new Error(`${path} ${ended ? 'ended' : 'is not ready'}:\n${readFileSync(log, 'utf8').slice(-2000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    async stop() {
      process.removeListener('exit', kill);
      kill();
      await end;
    },
  };
}
