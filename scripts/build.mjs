// Compiles src to dist and the tests of test/ to dist/test, then bundles the program to dist/program:
// on Node, hundreds of small modules cost more to find than to run (docs/decisions/0011). The library stays unbundled.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBun } from './bun.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

for (const project of ['tsconfig.json', 'test/tsconfig.json', 'bench/tsconfig.json']) {
  if (existsSync(join(root, project)))
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project]);
}
removeOrphans();
bundle();

/** What the compiler made of files that are gone or have another name: their tests would run on. */
function removeOrphans() {
  for (const entry of readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const [, place, name] = /^dist\/(test\/)?(.*)\.(?:js|js\.map|d\.ts)$/.exec(relative(root, path)) ?? [];
    if (!name || name.startsWith('program/') || name.startsWith('.program-')) continue;
    if (!existsSync(join(root, place ?? 'src', `${name}.ts`))) rmSync(path);
  }
}

function bundle() {
  // Made aside and moved into place: a run during the build finds a whole program.
  const made = mkdtempSync(join(root, 'dist/.program-'));
  // Temporary directories are for their maker alone; others may run the program.
  chmodSync(made, 0o755);
  const bun = findBun(root);
  // The package holds the program as a bundle only, and of the rooms those of the library.
  if (!bun && process.argv.includes('--publish')) throw new Error('a package cannot be made without Bun');
  // One level deeper than the rooms, as deep as their files, so that `../../../data` is the same place for all.
  for (const [name, entry] of [
    ['node', 'cli/bin.js'],
    ['action', 'action/bin.js'],
  ]) {
    const directory = join(made, name);
    if (bun) {
      bundleInto(directory, entry, bun);
    } else {
      // Slower to start, otherwise the same.
      mkdirSync(directory);
      writeFileSync(join(directory, 'bin.js'), `import '../../${entry}';\n`);
    }
  }
  rmSync(join(root, 'dist/program'), { recursive: true, force: true });
  renameSync(made, join(root, 'dist/program'));
}

function bundleInto(directory, entry, bun) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const options = [
    '--target=node',
    '--splitting',
    '--minify-syntax',
    '--minify-whitespace',
    '--define',
    `PRATIQUE_VERSION=${JSON.stringify(version)}`,
  ];
  run(bun, ['build', join('dist', entry), ...options, '--outdir', directory], 'ignore');
}

function run(command, args, stdout = 'inherit') {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', stdout, 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
