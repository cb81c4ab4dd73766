/**
 * Dependencies locked by sbt-dependency-lock.
 * Reads   `build.sbt.lock`.
 * Yields  dependencies of the configurations compile and runtime, with their lines.
 * Errors  `FormatError` when the file is no JSON.
 * Source  https://stringbean.github.io/sbt-dependency-lock/file-formats/version-1.html
 */
import { compact } from '#base';
import { listOf, parseLocatedJson, textOf, textsOf } from '#formats';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';

export const sbtLockfile = defineExtractor({
  id: 'java/sbt-lockfile',
  type: 'sbt',
  name: 'sbt-lockfile',
  runsOn: 'sources',
  revision: 1,
  files: ['**/build.sbt.lock'],
  extract(file) {
    const { root, linesOf } = parseLocatedJson(file.text());
    const packages = listOf(root, 'dependencies').flatMap((entry): Package[] => {
      const configurations = textsOf(entry, 'configurations');
      if (!configurations.includes('compile') && !configurations.includes('runtime')) return [];
      const group = textOf(entry, 'org');
      const artifact = textOf(entry, 'name');
      const version = textOf(entry, 'version');
      if (!group || !artifact || !version) return [];
      const location = linesOf(entry);
      const name = `${group}:${artifact}`;
      return [
        compact({
          id: `${name}:${version}`,
          name,
          version,
          locations: location && [location],
          analyzedBy: 'sbt-lockfile',
        }),
      ];
    });
    return { applications: [{ type: 'sbt', path: file.path, packages }] };
  },
});
