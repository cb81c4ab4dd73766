import { execFileSync, spawnSync } from 'node:child_process';

/** Why a test that needs these programs is skipped; `false` when all are here. */
export function without(...names: readonly string[]): string | false {
  const missing = names.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  return missing.length > 0 && `${missing.join(' and ')} not installed`;
}

export function skopeo(from: string, to: string, ...options: readonly string[]): void {
  execFileSync('skopeo', ['--insecure-policy', 'copy', '-q', ...options, from, to], { stdio: 'pipe' });
}
