/** The licenses of all packages as results of their own: one for the system, one a lock file or aggregated target. */
import { checkLicenses, type LicenseChoice } from '#checks';
import { aggregatedTargets } from '#ecosystems';
import type { Inventory, Result } from '#model';

export function licenseResults({ packages, applications }: Inventory, choice?: LicenseChoice): readonly Result[] {
  const system = { target: 'OS Packages', licenses: checkLicenses(packages, '', choice) };
  const libraries = applications
    .map(({ type, path, packages: own }) => ({
      target: path || (aggregatedTargets.get(type) ?? type),
      licenses: checkLicenses(own, path, choice),
    }))
    .filter(({ licenses }) => licenses.length > 0);
  const all = packages.length > 0 ? [system, ...libraries] : libraries;
  return all.map((result) => ({ ...result, class: 'license', vulnerabilities: [] }));
}
