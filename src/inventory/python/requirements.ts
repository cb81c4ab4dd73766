/**
 * Pinned requirements of pip.
 * Reads   `requirements.txt`: one requirement per line; UTF-8, or UTF-16 with a byte order mark. Included files (`-r`,
 *         `-c`) are not followed.
 * Yields  `name==version`, as written; with comprehensive detection also the lower bound of `>=`, `~=` and `==1.*`.
 * Errors  none: a line without a usable version is no statement about a version.
 * Source  https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
import type { Package } from '#model';
import { scheme } from '#versions';
import { defineExtractor } from '../extractor.js';
import { isFull } from '../package-set.js';

export const requirements = defineExtractor({
  id: 'python/requirements',
  type: 'pip',
  name: 'pip',
  runsOn: 'sources',
  revision: 1,
  files: ['**/requirements.txt'],
  extract(file, { options }) {
    const operators = options.detection === 'comprehensive' ? ['~=', '>=', '=='] : ['=='];
    const packages: Package[] = [];
    for (const [index, line] of decode(file.bytes()).split('\n').entries()) {
      const pinned = parseLine(line, operators);
      if (!pinned) continue;
      const number = index + 1;
      packages.push({ ...pinned, locations: [{ start: number, end: number }], analyzedBy: 'pip' });
      if (isFull(packages)) break;
    }
    return { applications: [{ type: 'pip', path: file.path, packages }] };
  },
});

function parseLine(line: string, operators: readonly string[]): { name: string; version: string } | undefined {
  const requirement = withoutExtras(line.replace(/[ \t\r\\]/g, ''))
    .replace(/[#;].*$/, '')
    .replace(/--.*$/, '');
  for (const operator of operators) {
    const [left, right, ...more] = requirement.split(operator);
    if (left === undefined || right === undefined || more.length > 0) continue;
    // What other clauses say (`!=1.2,` before, `,<3` after) does not move the bound.
    const name = left.replace(/[!<>=~,].*$/, '');
    const version = operators.length > 1 ? right.replace(/,.*$/, '').replace(/\.\*$/, '.0') : right;
    return /^[\p{L}\p{N}._-]+$/u.test(name) && scheme('pep440').valid(version) ? { name, version } : undefined;
  }
  return undefined;
}

/** `name[extra]==1` names the package `name`. */
function withoutExtras(requirement: string): string {
  const open = requirement.indexOf('[');
  const close = requirement.indexOf(']', open);
  return open < 0 || close < 0 ? requirement : requirement.slice(0, open) + requirement.slice(close + 1);
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16le').decode(swapPairs(bytes));
  return new TextDecoder().decode(bytes);
}

/** Node built with a small ICU knows no big-endian UTF-16. */
function swapPairs(bytes: Uint8Array): Uint8Array {
  const swapped = new Uint8Array(bytes.length & ~1);
  for (let i = 0; i < swapped.length; i += 2) {
    swapped[i] = bytes[i + 1]!;
    swapped[i + 1] = bytes[i]!;
  }
  return swapped;
}
