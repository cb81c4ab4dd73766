/**
 * Packages of .NET Framework projects.
 * Reads   `packages.config`.
 * Yields  packages, without ids as in the reference; those needed for development alone are left out.
 * Errors  `FormatError` when the file is no XML.
 * Source  https://learn.microsoft.com/en-us/nuget/reference/packages-config
 */
import { childrenOf, parseXml } from '#formats';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';

export const nugetConfig = defineExtractor({
  id: 'dotnet/nuget-config',
  type: 'nuget',
  name: 'nuget',
  runsOn: 'everywhere',
  revision: 1,
  files: ['**/packages.config'],
  async extract(file) {
    const packages = new Map<string, Package>();
    for (const { attributes } of childrenOf(await parseXml(file.text()), 'package')) {
      const { id: name, version, developmentDependency } = attributes;
      if (!name || !version || developmentDependency === 'true') continue;
      packages.set(`${name}@${version}`, { name, version, analyzedBy: 'nuget' });
    }
    return { applications: [{ type: 'nuget', path: file.path, packages: [...packages.values()] }] };
  },
});
