/**
 * Package versions that a .NET repository manages in one place.
 * Reads   `Directory.Packages.props` and other `*packages.props`.
 * Yields  packages of `PackageVersion`, `PackageReference` and `GlobalPackageReference` items with both a name and a
 *         version; what is written as a property, `$(Name)`, is unknown here and left out.
 * Errors  `FormatError` when the file is no XML.
 * Source  https://learn.microsoft.com/en-us/nuget/consume-packages/central-package-management
 */
import { childrenOf, parseXml } from '#formats';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';

const items = new Set(['PackageVersion', 'PackageReference', 'GlobalPackageReference']);

export const packagesProps = defineExtractor({
  id: 'dotnet/packages-props',
  type: 'packages-props',
  name: 'packages-props',
  runsOn: 'everywhere',
  revision: 1,
  files: ['**/*packages.props'],
  ignoreCase: true,
  async extract(file) {
    const packages = new Map<string, Package>();
    for (const group of childrenOf(await parseXml(file.text()), 'ItemGroup')) {
      for (const { name: item, attributes } of group.children) {
        if (!items.has(item)) continue;
        const name = (attributes['Include'] ?? attributes['Update'] ?? '').trim();
        const version = (attributes['Version'] ?? '').trim();
        if (!name || !version || isProperty(name) || isProperty(version)) continue;
        const id = `${name}@${version}`;
        packages.set(id, { id, name, version, analyzedBy: 'packages-props' });
      }
    }
    return { applications: [{ type: 'packages-props', path: file.path, packages: [...packages.values()] }] };
  },
});

const isProperty = (text: string): boolean => text.startsWith('$(') && text.endsWith(')');
