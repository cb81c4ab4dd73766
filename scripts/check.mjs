// Types, lint, format, rooms, the package's shape and the licences of dependencies. Fails on the first kind that fails.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules/.bin', name);

function run(title, command, args) {
  console.log(`- ${title}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`${title} failed`);
    process.exit(1);
  }
}

run('types', process.execPath, ['scripts/build.mjs']);
run('lint', bin('oxlint'), ['--deny-warnings', 'src', 'test', 'bench', 'scripts', 'examples']);
run('format', bin('prettier'), [
  '--check',
  '--log-level',
  'warn',
  'src',
  'test',
  'bench',
  'scripts',
  'examples',
  '*.json',
]);
run('rooms and repository', process.execPath, ['scripts/test.mjs', 'dist/test/architecture', 'dist/test/repository']);
run('generated docs', process.execPath, ['scripts/docs.mjs', '--check']);
run('custom resources', process.execPath, ['scripts/crds.mjs', '--check']);
run('chart and manifests', process.execPath, ['scripts/manifests.mjs', '--check']);
run('package', bin('publint'), ['--strict']);
licenses();

function licenses() {
  console.log('- licences of dependencies');
  const allowed = new Set([
    'MIT',
    'ISC',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    '0BSD',
    'BlueOak-1.0.0',
    'PSF-2.0',
    'Python-2.0',
    'CC0-1.0',
    'Unlicense',
    'Zlib',
  ]);
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (!path || entry.dev || entry.devOptional) continue;
    const manifest = join(root, path, 'package.json');
    const license = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).license : entry.license;
    // Of a compound, each part must be allowed.
    const parts = String(license)
      .replace(/^\(|\)$/g, '')
      .split(' AND ');
    if (!parts.every((part) => allowed.has(part))) {
      console.error(`${path} has the licence ${license}, which is not in the list`);
      process.exit(1);
    }
  }
}
