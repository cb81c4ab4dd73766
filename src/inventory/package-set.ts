/**
 * The packages of one lock file by id. A package that is listed again (nested copies, several target frameworks)
 * adds its lines and edges to the first; it is for development only when every listing is.
 */
import { compact } from '#base';
import type { LineRange, Package } from '#model';

export class PackageSet {
  readonly #packages = new Map<string, Package>();

  add(found: Package): void {
    const id = found.id ?? found.name;
    const known = this.#packages.get(id);
    this.#packages.set(id, known ? merge(known, found) : found);
  }

  get(id: string): Package | undefined {
    return this.#packages.get(id);
  }

  list(): readonly Package[] {
    return [...this.#packages.values()];
  }
}

/** Sorted, each once; `undefined` when there is none. */
export function sortedIds(ids: Iterable<string>): readonly string[] | undefined {
  const unique = [...new Set(ids)].sort();
  return unique.length > 0 ? unique : undefined;
}

function merge(known: Package, found: Package): Package {
  return compact({
    ...known,
    dev: known.dev === true && found.dev === true ? true : undefined,
    relationship: known.relationship === 'indirect' ? found.relationship : known.relationship,
    licenses: known.licenses ?? found.licenses,
    dependsOn: sortedIds([...(known.dependsOn ?? []), ...(found.dependsOn ?? [])]),
    locations: mergeLines(known.locations, found.locations),
  });
}

function mergeLines(
  known: readonly LineRange[] = [],
  found: readonly LineRange[] = [],
): readonly LineRange[] | undefined {
  const lines = [...known, ...found].sort((a, b) => a.start - b.start || a.end - b.end);
  return lines.length > 0 ? lines : undefined;
}
