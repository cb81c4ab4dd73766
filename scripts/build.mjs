// Compiles src to dist, then the tests of test/ to dist/test. `bin/pratique` runs from any directory afterwards.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

for (const project of ['tsconfig.json', 'test/tsconfig.json', 'bench/tsconfig.json']) {
  if (!existsSync(`${root}/${project}`)) continue;
  const { status } = spawnSync(process.execPath, [`${root}/node_modules/typescript/bin/tsc`, '-p', `${root}/${project}`], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
