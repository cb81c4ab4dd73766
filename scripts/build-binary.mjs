// Compiles the program with Bun into one file, dist/bin/pratique, for this machine or `--target bun-linux-arm64`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The program lies in a package per platform; the `bun` package's own copy needs an install script that npm may not run. */
function bun() {
  const scope = join(root, 'node_modules/@oven');
  const names = existsSync(scope) ? readdirSync(scope) : [];
  const found = names.map((name) => join(scope, name, 'bin/bun')).filter((path) => existsSync(path));
  for (const path of found) if (spawnSync(path, ['--version']).status === 0) return path;
  console.error('no Bun for this machine in node_modules/@oven: run npm ci');
  process.exit(1);
}

spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
mkdirSync(join(root, 'dist/bin'), { recursive: true });
const { status } = spawnSync(
  bun(),
  [
    'build',
    join(root, 'dist/cli/bin.js'),
    '--compile',
    '--minify',
    '--bytecode',
    '--format=esm',
    '--define',
    `PRATIQUE_VERSION=${JSON.stringify(JSON.stringify(version)).slice(1, -1).replaceAll('\\"', '"')}`,
    '--outfile',
    join(root, 'dist/bin/pratique'),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', cwd: root },
);
process.exit(status ?? 1);
