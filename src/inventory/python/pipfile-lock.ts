/**
 * Packages locked by Pipenv.
 * Reads   the `default` section of `Pipfile.lock`; `develop` and other categories are for development.
 * Yields  packages pinned with `==`, names as written, with their lines.
 * Errors  `FormatError` when the file is no JSON.
 * Source  https://pipenv.pypa.io/en/latest/pipfile.html
 */
import { compact } from '#base';
import { entriesOf, parseLocatedJson, textOf } from '#formats';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';

export const pipfileLock = defineExtractor({
  id: 'python/pipfile-lock',
  type: 'pipenv',
  name: 'pipenv',
  runsOn: 'sources',
  revision: 1,
  files: ['**/Pipfile.lock'],
  extract(file) {
    const { root, linesOf } = parseLocatedJson(file.text());
    const packages = entriesOf(root, 'default').flatMap(([name, entry]): Package[] => {
      const version = textOf(entry, 'version')?.replace(/^==/, '');
      // Sources under version control and local paths have none.
      if (!version) return [];
      const location = linesOf(entry);
      return [compact({ name, version, locations: location && [location], analyzedBy: 'pipenv' })];
    });
    return { applications: [{ type: 'pipenv', path: file.path, packages }] };
  },
});
