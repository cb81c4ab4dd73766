/**
 * Packages locked by npm.
 * Reads   `package-lock.json` of lock file versions 1, 2 and 3; `node_modules/` beside it for missing licenses.
 * Yields  every locked package except the project itself, with its lines and resolved dependencies. Versions 2 and 3
 *         tell which ones the project asks for; version 1 does not, so its packages have no relationship.
 * Limits  64 levels of nested `node_modules`.
 * Errors  `FormatError` when the file is no JSON object; an entry without a version is passed over.
 * Source  https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
 */
import { FormatError } from '#base';
import { fieldOf, isTable, parseLocatedJson } from '#formats';
import { defineExtractor } from '../extractor.js';
import { addInstalledLicenses, directoryOf } from './installed-licenses.js';
import { readNestedLock } from './npm-lock-nested.js';
import { readPathLock } from './npm-lock-paths.js';

export const npmLock = defineExtractor({
  id: 'nodejs/npm-lock',
  type: 'npm',
  name: 'npm',
  runsOn: 'sources',
  revision: 1,
  files: ['**/package-lock.json'],
  companions: ['**/package.json'],
  accepts: ({ path }) => !`/${path}`.includes('/node_modules/'),
  extract(file, context) {
    const json = parseLocatedJson(file.text());
    if (!isTable(json.root)) throw new FormatError('package-lock.json is no object');
    const version = fieldOf(json.root, 'lockfileVersion');
    const locked =
      version === 2 || version === 3 || isTable(fieldOf(json.root, 'packages'))
        ? readPathLock(json)
        : readNestedLock(json);
    const packages = addInstalledLicenses(locked, directoryOf(file.path), context);
    return { applications: [{ type: 'npm', path: file.path, packages }] };
  },
});
