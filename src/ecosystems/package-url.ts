/**
 * The package URL of a package: of an application type, or of a distribution's family.
 * Yields nothing for packages without a name and for those that are only a local directory.
 * Source  https://github.com/package-url/purl-spec/tree/main/types-doc
 */
import { encodePurl } from '#formats';
import type { OperatingSystem, Package } from '#model';
import type { Distribution } from './distribution.js';
import { distributionOf } from './distributions.js';
import { ecosystemOf } from './languages.js';

export function packageUrl(typeOrFamily: string, os: OperatingSystem | undefined, pkg: Package): string | undefined {
  if (!pkg.name) return undefined;
  const distribution = distributionOf(typeOrFamily);
  if (distribution) return systemPackageUrl(distribution, os, pkg);
  const ecosystem = ecosystemOf(typeOrFamily);
  const parts = ecosystem?.purl ? ecosystem.purl(pkg) : { name: pkg.name, version: pkg.version };
  return parts?.name ? encodePurl({ type: ecosystem?.purlType ?? typeOrFamily, ...parts }) : undefined;
}

function systemPackageUrl({ id, purl }: Distribution, os: OperatingSystem | undefined, pkg: Package): string {
  const qualifiers = new Map<string, string>();
  if (pkg.arch) qualifiers.set('arch', pkg.arch);
  if (os?.name) qualifiers.set('distro', purl.type === 'apk' ? os.name : `${id}-${os.name}`);
  if (pkg.epoch) qualifiers.set('epoch', String(pkg.epoch));
  if (pkg.modularityLabel) qualifiers.set('modularitylabel', pkg.modularityLabel);
  return encodePurl({
    type: purl.type,
    namespace: purl.namespace ?? id,
    name: purl.type === 'apk' ? pkg.name.toLowerCase() : pkg.name,
    version: pkg.release ? `${pkg.version}-${pkg.release}` : pkg.version,
    qualifiers,
  });
}
