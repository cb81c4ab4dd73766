/** Paths of files as alerts, package databases and scans write them, made comparable. */
import { posix } from 'node:path';

const MAX_PATH = 4096;

/**
 * Absolute and without `.` and `..`; `/usr/bin` is `/bin`, because distributions list one and run the other.
 * `undefined` for what is no path of a file: sockets, pipes, nothing.
 */
export function filePath(text: string, from: 'alert' | 'report'): string | undefined {
  if (text === '' || text.length > MAX_PATH || text.includes('\0')) return undefined;
  if (from === 'alert' && !text.startsWith('/')) return undefined;
  const path = posix.normalize(`/${text}`);
  return path.replace(/^\/usr(?=\/(?:s?bin|lib\w*)\/)/, '');
}

/** The file on disk of a path that goes on inside an archive: `app.war/WEB-INF/lib/a.jar` is in `app.war`. */
export const archivePath = (path: string): string => /^.*?\.(?:[jwehp]ar|zip)(?=\/)/i.exec(path)?.[0] ?? path;

/**
 * The directory that a package fills, by the file that shows it; `undefined` where that file shows no directory of its
 * own. A lock file lists packages that lie elsewhere.
 */
export function packageDirectory(path: string): string | undefined {
  const node = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path);
  if (node) return node[1];
  const gem = /^(.*)\/specifications\/([^/]+)\.gemspec$/.exec(path);
  if (gem) return `${gem[1]}/gems/${gem[2]}`;
  return /^(.*\.(?:dist|egg)-info)\/[^/]+$/.exec(path)?.[1];
}

/** Directories above a file, nearest first, up to that of packages: what is deeper there is another package. */
export function directoriesAbove(path: string): string[] {
  const found: string[] = [];
  let directory = posix.dirname(path);
  while (directory !== '/' && !directory.endsWith('/node_modules')) {
    found.push(directory);
    directory = posix.dirname(directory);
  }
  return found;
}
