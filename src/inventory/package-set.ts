/**
 * The packages of one lock file by id. A package that is listed again (nested copies, several target frameworks)
 * adds its lines and edges to the first; it is for development only when every listing is.
 */
import { compact } from '#base';
import type { LineRange, Package } from '#model';

export class PackageSet {
  readonly #listings = new Map<string, Package[]>();

  add(found: Package): void {
    const id = found.id ?? found.name;
    const known = this.#listings.get(id);
    if (known) known.push(found);
    else this.#listings.set(id, [found]);
  }

  has(id: string): boolean {
    return this.#listings.has(id);
  }

  list(): readonly Package[] {
    return [...this.#listings.values()].map(merge);
  }
}

/** Sorted, each once; `undefined` when there is none. */
export function sortedIds(ids: Iterable<string>): readonly string[] | undefined {
  const unique = [...new Set(ids)].sort();
  return unique.length > 0 ? unique : undefined;
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
