// Runs the compiled tests. Files are found here since Node 20 and 24 disagree about globs of --test.
// Usage: node scripts/test.mjs [unit|e2e|slow] [part of a path …]; without a suite: unit and e2e.
// An odd zone and locale are set so that accidental local time and locale sorting fail.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const suites = ['unit', 'e2e', 'slow'];
const args = process.argv.slice(2);
const suite = suites.includes(args[0]) ? args.shift() : undefined;

function find(directory) {
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      return statSync(path).isDirectory() ? find(path) : name.endsWith('.test.js') ? [path] : [];
    });
}

const suiteOf = (path) => (path.includes('/test/e2e/') ? 'e2e' : path.includes('/test/slow/') ? 'slow' : 'unit');
const files = find(join(root, 'dist'))
  .filter((path) => (suite ? suiteOf(path) === suite : suiteOf(path) !== 'slow'))
  .filter((path) => args.length === 0 || args.some((part) => path.includes(part)));

if (files.length === 0) {
  console.error('no test file matches');
  process.exit(1);
}
const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=2', ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TZ: 'Asia/Kathmandu', LC_ALL: 'sk', NODE_NO_WARNINGS: '1' },
});
process.exit(status ?? 1);
