/**
 * Runs another program and waits for its end. Never through a shell; time and output are bounded.
 */
import type { Environment } from './world.js';

export interface ProgramOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Environment;
  readonly cwd?: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes of each output stream. */
  readonly maxOutput?: number;
  readonly signal?: AbortSignal;
}

export interface ProgramResult {
  /** `failed`: it could not be started, was killed, ran out of time or wrote too much; `reason` says which. */
  readonly outcome: 'ended' | 'not-found' | 'failed';
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly reason?: string;
}

export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const { execFile } = await import('node:child_process');
  options.signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      {
        encoding: 'utf8',
        timeout: options.timeout,
        killSignal: 'SIGKILL',
        maxBuffer: options.maxOutput ?? 1024 * 1024,
        windowsHide: true,
        ...(options.env && { env: { ...options.env } }),
        ...(options.cwd !== undefined && { cwd: options.cwd }),
        ...(options.signal && { signal: options.signal }),
      },
      (error, stdout, stderr) => {
        if (options.signal?.aborted) return reject(options.signal.reason as Error);
        resolve({ ...outcome(error, options), stdout, stderr });
      },
    );
    // The program may end without reading its input.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

type Failure = Error & { code?: string | number | null; killed?: boolean; signal?: string | null };

function outcome(
  error: Failure | null,
  options: ProgramOptions,
): Pick<ProgramResult, 'outcome' | 'exitCode' | 'reason'> {
  if (!error) return { outcome: 'ended', exitCode: 0 };
  if (typeof error.code === 'number') return { outcome: 'ended', exitCode: error.code };
  if (error.code === 'ENOENT') return { outcome: 'not-found', exitCode: -1, reason: 'not found' };
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return failed('wrote too much output');
  if (error.killed) return failed(`took longer than ${options.timeout / 1000} s`);
  return failed(error.signal ? `was ended by ${error.signal}` : (error.code ?? error.message));
}

const failed = (reason: string): Pick<ProgramResult, 'outcome' | 'exitCode' | 'reason'> => ({
  outcome: 'failed',
  exitCode: -1,
  reason,
});
