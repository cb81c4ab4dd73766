import { readFileSync } from 'node:fs';
import { pratique, type Ran } from './program.js';

/** Runs the program and reads the peak of its memory from the system, again and again until it ends. */
export async function peakOf(args: readonly string[]): Promise<Ran & { readonly mebibytes: number }> {
  let mebibytes = 0;
  const ran = await pratique(args, {
    during(child) {
      const watch = setInterval(() => {
        const kibibytes = Number(/VmHWM:\s+(\d+) kB/.exec(readStatus(child.pid))?.[1] ?? 0);
        mebibytes = Math.max(mebibytes, kibibytes / 1024);
      }, 20);
      child.once('close', () => clearInterval(watch));
    },
  });
  return { ...ran, mebibytes };
}

function readStatus(pid: number | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}
