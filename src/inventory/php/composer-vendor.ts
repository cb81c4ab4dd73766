/**
 * Packages installed by Composer.
 * Reads   `installed.json`, of Composer 2 (`{packages: […]}`) and of Composer 1 (the list alone).
 * Yields  packages with licenses, lines and dependencies.
 * Errors  `FormatError` when the file is neither.
 * Source  https://getcomposer.org/doc/07-runtime.md
 */
import { FormatError } from '#base';
import { isTable, listOf, parseLocatedJson } from '#formats';
import { defineExtractor } from '../extractor.js';
import { readComposerPackages } from './composer-packages.js';

export const composerVendor = defineExtractor({
  id: 'php/composer-vendor',
  type: 'composer-vendor',
  name: 'composer-vendor',
  runsOn: 'systems',
  revision: 1,
  files: ['**/installed.json'],
  extract(file) {
    const json = parseLocatedJson(file.text());
    if (!isTable(json.root) && !Array.isArray(json.root))
      throw new FormatError('installed.json is no list of packages');
    const listed = Array.isArray(json.root) ? json.root : listOf(json.root, 'packages');
    const packages = readComposerPackages(json, listed, [], 'composer-vendor');
    return { applications: [{ type: 'composer-vendor', path: file.path, packages }] };
  },
});
