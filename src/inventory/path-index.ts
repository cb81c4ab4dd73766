/**
 * One index over the path patterns of all extractors, asked once per entry of a tree.
 * A pattern is filed by what its end pins down: the whole path, the base name, the extension, or a leading directory;
 * only the few that share that end are then tried.
 */
import { compileGlob } from '#base';

interface Candidate<T> {
  readonly value: T;
  /** Absent when the index position alone decides. */
  readonly test?: (path: string) => boolean;
}

export interface PathIndex<T> {
  /** Values of all patterns that match, in the order they were added, each once. */
  match(path: string): readonly T[];
}

export interface IndexedPattern<T> {
  readonly pattern: string;
  readonly ignoreCase?: boolean;
  readonly value: T;
}

const none: readonly never[] = [];
const special = /[*?[{\\]/;

export function createPathIndex<T>(patterns: readonly IndexedPattern<T>[]): PathIndex<T> {
  const exactCase = new Index<T>();
  const anyCase = new Index<T>();
  let hasAnyCase = false;
  for (const { pattern, ignoreCase, value } of patterns) {
    if (ignoreCase) {
      hasAnyCase = true;
      anyCase.add(pattern.toLowerCase(), value);
    } else exactCase.add(pattern, value);
  }
  return {
    match(path) {
      const found = exactCase.match(path);
      return hasAnyCase ? union(found, anyCase.match(path.toLowerCase())) : found;
    },
  };
}

class Index<T> {
  readonly #paths = new Map<string, Candidate<T>[]>();
  readonly #names = new Map<string, Candidate<T>[]>();
  readonly #extensions = new Map<string, Candidate<T>[]>();
  readonly #rest: Candidate<T>[] = [];

  add(pattern: string, value: T): void {
    if (!special.test(pattern)) return push(this.#paths, pattern, { value });
    const slash = pattern.lastIndexOf('/');
    const last = pattern.slice(slash + 1);
    const anywhere = pattern.startsWith('**/') && slash === 2;
    if (!special.test(last)) return push(this.#names, last, anywhere ? { value } : { value, test: globTest(pattern) });
    const suffix = last.startsWith('*') ? last.slice(1) : '';
    const dot = suffix.lastIndexOf('.');
    if (dot >= 0 && !special.test(suffix)) {
      const test = anywhere ? (path: string) => path.endsWith(suffix) : globTest(pattern);
      return push(this.#extensions, suffix.slice(dot + 1), { value, test });
    }
    this.#rest.push({
      value,
      test: anywhere && suffix && !special.test(suffix) ? (p) => p.endsWith(suffix) : globTest(pattern),
    });
  }

  match(path: string): readonly T[] {
    const name = path.slice(path.lastIndexOf('/') + 1);
    let found: T[] | undefined;
    found = collect(found, this.#paths.get(path), path);
    found = collect(found, this.#names.get(name), path);
    const dot = name.lastIndexOf('.');
    if (dot >= 0) found = collect(found, this.#extensions.get(name.slice(dot + 1)), path);
    found = collect(found, this.#rest, path);
    return found ?? none;
  }
}

/** A glob preceded by a check of its literal directory, which most paths fail. */
function globTest(pattern: string): (path: string) => boolean {
  const literal = pattern.slice(0, pattern.search(special));
  const prefix = literal.slice(0, literal.lastIndexOf('/') + 1);
  const regex = compileGlob(pattern);
  return (path) => path.startsWith(prefix) && regex.test(path);
}

function push<T>(map: Map<string, Candidate<T>[]>, key: string, candidate: Candidate<T>): void {
  const list = map.get(key);
  if (list) list.push(candidate);
  else map.set(key, [candidate]);
}

function collect<T>(
  found: T[] | undefined,
  candidates: readonly Candidate<T>[] | undefined,
  path: string,
): T[] | undefined {
  if (!candidates) return found;
  for (const { value, test } of candidates) {
    if (test && !test(path)) continue;
    if (!found) found = [value];
    else if (!found.includes(value)) found.push(value);
  }
  return found;
}

function union<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...new Set([...a, ...b])];
}
