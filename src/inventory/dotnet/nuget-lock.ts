/**
 * Packages locked by NuGet.
 * Reads   `packages.lock.json`: per target framework a table of packages.
 * Yields  packages with lines, dependencies and relationship, those of all frameworks together. A dependency that its
 *         framework's table does not list goes by its name alone. Projects are left out.
 * Errors  `FormatError` when the file is no JSON object.
 * Source  https://learn.microsoft.com/en-us/nuget/consume-packages/package-references-in-project-files#locking-dependencies
 */
import { compact, FormatError } from '#base';
import { entriesOf, isTable, parseLocatedJson, textOf } from '#formats';
import { defineExtractor } from '../extractor.js';
import { PackageSet, sortedIds } from '../package-set.js';

export const nugetLock = defineExtractor({
  id: 'dotnet/nuget-lock',
  type: 'nuget',
  name: 'nuget',
  runsOn: 'everywhere',
  revision: 1,
  files: ['**/packages.lock.json'],
  extract(file) {
    const json = parseLocatedJson(file.text());
    if (!isTable(json.root)) throw new FormatError('packages.lock.json is no object');
    const packages = new PackageSet();
    for (const [, framework] of entriesOf(json.root, 'dependencies')) {
      const listed = new Map(entriesOf(framework));
      for (const [name, entry] of listed) {
        const version = textOf(entry, 'resolved');
        const type = textOf(entry, 'type');
        if (!version || type === 'Project') continue;
        const lines = json.linesOf(entry);
        packages.add(
          compact({
            id: `${name}@${version}`,
            name,
            version,
            relationship: type === 'Direct' ? ('direct' as const) : ('indirect' as const),
            dependsOn: sortedIds(entriesOf(entry, 'dependencies').map(([needed]) => idOf(needed, listed.get(needed)))),
            locations: lines && [lines],
            analyzedBy: 'nuget',
          }),
        );
      }
    }
    return { applications: [{ type: 'nuget', path: file.path, packages: packages.list() }] };
  },
});

function idOf(name: string, entry: unknown): string {
  const version = textOf(entry, 'resolved');
  return version ? `${name}@${version}` : name;
}
