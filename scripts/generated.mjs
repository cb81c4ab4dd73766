// Files that scripts make: written where they differ, or with --check only compared.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** `command` is what writes them. */
export function generated(command) {
  const check = process.argv.includes('--check');
  const stale = [];
  return {
    write(path, content) {
      const file = join(root, path);
      if (read(file) === content) return;
      if (check) return void stale.push(path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      console.log(`wrote ${path}`);
    },
    /** Fails the program when something was out of date. */
    finish() {
      if (stale.length === 0) return;
      console.error(`out of date: ${stale.join(', ')}; run ${command}`);
      process.exitCode = 1;
    },
  };
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}
