/**
 * Licenses that package metadata state, judged.
 * Yields   one finding a package and license, in the order of the packages; a license given as its text is shown by
 *          its first words. References to files (`file://…`) are no licenses.
 */
import type { LicenseFinding, Package } from '#model';
import { judgeLicense } from './judge-license.js';
import { categorySeverity, licenseCategories, type CategoryOf, type LicenseChoice } from './license-categories.js';

/** `file` names the packages that have no path of their own. */
export function checkLicenses(
  packages: readonly Package[],
  file: string,
  choice?: LicenseChoice,
): readonly LicenseFinding[] {
  const categoryOf = licenseCategories(choice);
  return packages.flatMap((pkg) =>
    (pkg.licenses ?? [])
      .filter((license) => license !== '' && !license.startsWith('file://'))
      .map((license) => finding(license, pkg.name, pkg.path || file, categoryOf)),
  );
}

const textPrefix = 'text://';

function finding(license: string, packageName: string, filePath: string, categoryOf: CategoryOf): LicenseFinding {
  const text = license.startsWith(textPrefix) ? license.slice(textPrefix.length) : '';
  const category = text === '' ? judgeLicense(license, categoryOf) : 'unknown';
  return {
    kind: 'license',
    severity: categorySeverity[category],
    category,
    packageName,
    filePath,
    name: text === '' ? license : `CUSTOM License: ${firstWords(text)}...`,
    text,
    confidence: 1,
    link: '',
  };
}

const firstWords = (text: string): string => text.slice(0, 200).trim().split(/\s+/).slice(0, 3).join(' ');
