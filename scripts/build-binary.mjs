// Compiles the program with Bun into one file, dist/bin/pratique, for this machine or `--target bun-linux-arm64`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBun } from './bun.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const bun = findBun(root);
if (!bun) {
  console.error('no Bun for this machine in node_modules: run npm ci');
  process.exit(1);
}
spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
mkdirSync(join(root, 'dist/bin'), { recursive: true });
const { status } = spawnSync(
  bun,
  [
    'build',
    join(root, 'scripts/binary-entry.mjs'),
    '--compile',
    '--minify',
    '--bytecode',
    '--splitting',
    '--format=esm',
    '--define',
    `PRATIQUE_VERSION=${JSON.stringify(version)}`,
    '--outfile',
    join(root, 'dist/bin/pratique'),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', cwd: root },
);
process.exit(status ?? 1);
