// What is measured: the compiled program, this package on Node 20 and 24, and the reference where it is installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Command lines by name. */
export function findPrograms(root) {
  const programs = {};
  const binary = join(root, 'dist/bin/pratique');
  if (existsSync(binary)) programs.binary = [binary];
  else console.error('no dist/bin/pratique: run npm run build:binary to measure it');
  const cached = join(root, `.cache/node24/node_modules/node-${process.platform}-${process.arch}/bin/node`);
  for (const node of [process.execPath, process.env.PRATIQUE_NODE24 ?? 'node24', cached]) {
    const found = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    if (found.status === 0) programs[`node ${found.stdout.split('.')[0]}`] ??= [node, join(root, 'bin/pratique')];
  }
  if (spawnSync('trivy', ['--version'], { stdio: 'ignore' }).status === 0) programs.trivy = ['trivy'];
  return programs;
}
