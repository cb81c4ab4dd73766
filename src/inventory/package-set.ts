/**
 * The packages of one lock file by id. A package that is listed again (nested copies, several target frameworks)
 * adds its lines and edges to the first; it is for development only when every listing is.
 * Limits  one package more than are kept of a file, which is how the collector learns that there are more.
 */
import { compact, limits } from '#base';
import type { LineRange, Package } from '#model';

export class PackageSet {
  readonly #listings = new Map<string, Package[]>();

  add(found: Package): void {
    const id = found.id ?? found.name;
    const known = this.#listings.get(id);
    if (known) known.push(found);
    else if (!this.full) this.#listings.set(id, [found]);
  }

  has(id: string): boolean {
    return this.#listings.has(id);
  }

  /** Further packages would be left out. */
  get full(): boolean {
    return isFull(this.#listings);
  }

  list(): readonly Package[] {
    return [...this.#listings.values()].map(merge);
  }
}

/** Sorted, each once; `undefined` when there is none. */
export function sortedIds(ids: Iterable<string>): readonly string[] | undefined {
  const unique = new Set<string>();
  for (const id of ids) if (unique.add(id).size >= limits.dependencies) break;
  return unique.size > 0 ? [...unique].sort() : undefined;
}

/** One more than are kept: a reader that has as many may stop, and the collector tells that there were more. */
export function isFull(packages: { readonly length: number } | { readonly size: number }): boolean {
  return ('size' in packages ? packages.size : packages.length) > limits.packagesOfFile;
}

function merge(listings: readonly Package[]): Package {
  const [first] = listings;
  if (listings.length === 1) return first!;
  const locations = listings.flatMap((listing) => listing.locations ?? []);
  return compact({
    ...first!,
    dev: listings.every((listing) => listing.dev) ? true : undefined,
    relationship: listings.find((listing) => listing.relationship !== 'indirect')?.relationship ?? first!.relationship,
    licenses: listings.find((listing) => listing.licenses)?.licenses,
    dependsOn: sortedIds(listings.flatMap((listing) => listing.dependsOn ?? [])),
    locations: locations.length > 0 ? locations.sort(byLine) : undefined,
  });
}

const byLine = (a: LineRange, b: LineRange): number => a.start - b.start || a.end - b.end;
