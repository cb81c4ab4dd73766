/** Which advisories speak of a package: its ecosystem's, or those of the supplier that rebuilt it. */
import type { Ecosystem } from '#ecosystems';
import type { AdvisoryLookup, AdvisoryRecord, Package } from '#model';

/** An ecosystem that somebody publishes advisories for. */
export type Advised = Ecosystem & Required<Pick<Ecosystem, 'scheme' | 'advisories'>>;

export interface Sources {
  readonly records: readonly AdvisoryRecord[];
  readonly scheme: Advised['scheme'];
}

export function sourcesOf(ecosystem: Advised, pkg: Package, lookup: AdvisoryLookup): Sources {
  const { advisories, rebuilds, scheme } = ecosystem;
  const name = ecosystem.normalize ? ecosystem.normalize(pkg.name) : pkg.name.toLowerCase();
  const rebuilt = (): Sources => ({
    records: lookup.advisoriesByPrefix(`seal ${advisories}`, name),
    scheme: rebuilds?.scheme ?? scheme,
  });
  const { certain, likely } = rebuilds ?? {};
  if (certain?.name?.test(name) || certain?.version?.test(pkg.version)) return rebuilt();
  if (likely?.version.test(pkg.version)) {
    const found = rebuilt();
    if (found.records.length > 0) return found;
  }
  return { records: underAnyName(advisories, name, ecosystem.otherName?.(name), lookup), scheme };
}

/** Databases differ in how far they normalise names; an id found under the first name counts once. */
function underAnyName(
  prefix: string,
  name: string,
  other: string | undefined,
  lookup: AdvisoryLookup,
): readonly AdvisoryRecord[] {
  const found = lookup.advisoriesByPrefix(prefix, name);
  if (other === undefined || other === name) return found;
  const known = new Set(found.map(({ id }) => id));
  return [...found, ...lookup.advisoriesByPrefix(prefix, other).filter(({ id }) => !known.has(id))];
}
