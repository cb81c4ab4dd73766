/**
 * Packages locked by Yarn.
 * Reads   `yarn.lock` of Yarn 1 and later, `package.json` beside it and in its workspaces, `node_modules/` for licenses.
 * Yields  the project, its workspaces and every locked package of the registry, with lines, dependencies and
 *         relationship. Without a readable manifest packages have no relationship.
 * Errors  `FormatError` when no line is an entry; other unreadable lines and manifests are reported.
 * Source  https://classic.yarnpkg.com/lang/en/docs/yarn-lock/ and https://yarnpkg.com/features/security
 */
import { compact, FormatError } from '#base';
import type { Package } from '#model';
import { defineExtractor, type ExtractContext } from '../extractor.js';
import { addInstalledLicenses, directoryOf } from './installed-licenses.js';
import { PackageSet, sortedIds } from '../package-set.js';
import { readYarnEntries } from './yarn-entries.js';
import { YarnGraph } from './yarn-graph.js';
import { readYarnProject, type YarnProject } from './yarn-project.js';

export const yarnLock = defineExtractor({
  id: 'nodejs/yarn-lock',
  type: 'yarn',
  name: 'yarn',
  runsOn: 'sources',
  revision: 1,
  files: ['**/yarn.lock'],
  companions: ['**/package.json', '**/.yarn/cache/*.zip'],
  accepts: ({ path }) => !/(?:^|\/)(?:node_modules|\.yarn)\//.test(path),
  extract(file, context) {
    const directory = directoryOf(file.path);
    const unreadable: number[] = [];
    const entries = readYarnEntries(file.text(), (line) => unreadable.push(line));
    if (entries.length === 0 && unreadable.length > 0) throw new FormatError(`not a yarn.lock: line ${unreadable[0]}`);
    for (const line of unreadable) context.report('unreadable-line', 'no entry of a yarn.lock', line);
    if (entries.length === 0) return undefined;
    const graph = new YarnGraph(entries);
    const project = readProject(directory, graph, context);
    const locked = new PackageSet();
    for (const { id, name, version, lines } of entries) {
      const found = project?.reached.get(id);
      locked.add(
        compact({
          id,
          name,
          version,
          dev: found?.dev ? true : undefined,
          relationship: found?.relationship,
          dependsOn: locked.has(id) ? undefined : sortedIds(graph.dependenciesOf(id)),
          locations: [lines],
          analyzedBy: 'yarn',
        }),
      );
    }
    const packages: readonly Package[] = [...(project?.members ?? []), ...locked.list()];
    return {
      applications: [{ type: 'yarn', path: file.path, packages: addInstalledLicenses(packages, directory, context) }],
    };
  },
});

function readProject(directory: string, graph: YarnGraph, context: ExtractContext): YarnProject | undefined {
  try {
    return readYarnProject(directory, graph, context);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    context.report('manifest-unreadable', `${directory}package.json: ${error.message}`);
    return undefined;
  }
}
