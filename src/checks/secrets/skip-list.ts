/** Files that are not scanned for secrets, by path. Ordinary patterns are answered by look-ups, not by expressions. */

/** Version control, installed modules, lock files, and formats that hold no text. */
export const defaultSkipPatterns: readonly string[] = [
  '**/.git/**',
  '**/node_modules/**',
  ...['go.mod', 'go.sum', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'Pipfile.lock', 'Gemfile.lock'].map(
    (name) => `**/${name}`,
  ),
  ...['jpg', 'png', 'gif', 'doc', 'pdf', 'bin', 'svg', 'socket', 'deb', 'rpm', 'zip', 'gz', 'gzip', 'tar'].map(
    (extension) => `**/*.${extension}`,
  ),
];

export interface SkipList {
  skips(path: string): boolean;
}

export function createSkipList(patterns: readonly { readonly glob: string; readonly regex: RegExp }[]): SkipList {
  const names = new Set<string>();
  const extensions = new Set<string>();
  const directories = new Set<string>();
  const others: RegExp[] = [];
  for (const { glob, regex } of patterns) {
    const name = /^\*\*\/([^*?[\]{}\\/]+)$/.exec(glob)?.[1];
    const extension = /^\*\*\/\*(\.[^*?[\]{}\\/.]+)$/.exec(glob)?.[1];
    const directory = /^\*\*\/([^*?[\]{}\\/]+)\/\*\*$/.exec(glob)?.[1];
    if (name) names.add(name);
    else if (extension) extensions.add(extension);
    else if (directory) directories.add(directory);
    else others.push(regex);
  }
  return {
    skips(path) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const dot = name.lastIndexOf('.');
      return (
        names.has(name) ||
        (dot >= 0 && extensions.has(name.slice(dot))) ||
        (directories.size > 0 && path.split('/').some((part) => directories.has(part))) ||
        others.some((regex) => regex.test(path))
      );
    },
  };
}
