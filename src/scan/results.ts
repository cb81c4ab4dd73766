/** From inventory and findings to the results of a report, in report order. */
import { aggregatedTargets } from '#ecosystems';
import type { Inventory, Package, Result } from '#model';
import type { MatchResult } from '#match';
import type { ScanOptions } from './options.js';

export function makeResults(
  inventory: Inventory,
  matched: MatchResult,
  artifactName: string,
  options: ScanOptions,
): readonly Result[] {
  const types = options.packageTypes ?? ['os', 'library'];
  const related = relationshipFilter(options.relationships);
  const results: Result[] = [];
  const { os } = inventory;
  if (os && matched.os?.supported && types.includes('os')) {
    results.push({
      target: `${artifactName} (${os.family} ${os.name}${os.extended ? '-ESM' : ''})`,
      class: 'os-pkgs',
      type: os.family,
      packages: inventory.packages.filter(related),
      ...notAssessed(matched.os.assessed),
      vulnerabilities: matched.os.vulnerabilities.filter((v) => related(v.package)),
    });
  }
  if (!types.includes('library')) return results;
  const libraries = matched.applications.map(({ application, assessed, vulnerabilities }): Result => ({
    target: application.path || (aggregatedTargets.get(application.type) ?? ''),
    class: 'lang-pkgs',
    type: application.type,
    packages: application.packages.filter(related),
    ...notAssessed(assessed),
    vulnerabilities: vulnerabilities.filter((v) => related(v.package)),
  }));
  return [
    ...results,
    ...libraries
      .filter((r) => r.packages?.length)
      .sort((a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0)),
  ];
}

const notAssessed = (assessed: boolean): Pick<Result, 'assessed'> => (assessed ? {} : { assessed: false });

function relationshipFilter(wanted: ScanOptions['relationships']): (pkg: Package) => boolean {
  if (!wanted) return () => true;
  return (pkg) => wanted.includes(pkg.relationship ?? 'unknown');
}
