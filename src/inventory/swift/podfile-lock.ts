/**
 * Packages locked by CocoaPods.
 * Reads   `Podfile.lock`; the list `PODS` holds `Name/Subspec (1.0)`, alone or as the key of a list of dependencies.
 * Yields  pods, subspecs each by itself, with dependencies.
 * Errors  `FormatError` when the file is no YAML table.
 * Source  https://guides.cocoapods.org/using/using-cocoapods.html#what-is-podfilelock
 */
import { compact, FormatError } from '#base';
import { entriesOf, isTable, listOf, parseYaml, textsOf } from '#formats';
import { defineExtractor } from '../extractor.js';
import { PackageSet, sortedIds } from '../package-set.js';

interface Pod {
  readonly name: string;
  readonly version: string;
  /** Names. */
  readonly dependencies: readonly string[];
}

export const podfileLock = defineExtractor({
  id: 'swift/podfile-lock',
  type: 'cocoapods',
  name: 'cocoapods',
  runsOn: 'sources',
  revision: 1,
  files: ['**/Podfile.lock'],
  async extract(file) {
    const lock = await parseYaml(file.text());
    if (!isTable(lock)) throw new FormatError('Podfile.lock is no table');
    const pods = listOf(lock, 'PODS').flatMap(readPods);
    const ids = new Map(pods.map(({ name, version }) => [name, `${name}@${version}`]));
    const packages = new PackageSet();
    for (const { name, version, dependencies } of pods) {
      const dependsOn = sortedIds(dependencies.flatMap((dependency) => ids.get(dependency) ?? []));
      packages.add(compact({ id: `${name}@${version}`, name, version, dependsOn, analyzedBy: 'cocoapods' }));
    }
    return { applications: [{ type: 'cocoapods', path: file.path, packages: packages.list() }] };
  },
});

function readPods(element: unknown): readonly Pod[] {
  if (typeof element === 'string') return readPod(element, []);
  return entriesOf(element).flatMap(([key]) => readPod(key, textsOf(element, key)));
}

function readPod(text: string, requirements: readonly string[]): readonly Pod[] {
  const [, name, version] = /^(\S+) \(([^()]+)\)$/.exec(text) ?? [];
  if (!name || !version) return [];
  return [{ name, version, dependencies: requirements.map((requirement) => requirement.split(' ', 1)[0]!) }];
}
