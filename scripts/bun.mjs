// Where the Bun program lies: in the `bun` package when its install script ran, else in the package of this platform.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Absolute path, or undefined when there is none that runs here. */
export function findBun(root) {
  const scope = join(root, 'node_modules/@oven');
  const names = existsSync(scope) ? readdirSync(scope) : [];
  const places = ['node_modules/bun/bin/bun.exe', ...names.map((name) => join('node_modules/@oven', name, 'bin/bun'))];
  return places
    .map((place) => join(root, place))
    .find((path) => existsSync(path) && spawnSync(path, ['--version']).status === 0);
}
