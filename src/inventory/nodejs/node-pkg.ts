/**
 * Installed Node.js packages.
 * Reads   every `package.json` of an installed system.
 * Yields  one package per manifest with a name and a version; others (parts of a package, private projects) are none.
 * Errors  `FormatError` when the file is no manifest.
 * Source  https://docs.npmjs.com/cli/v11/configuring-npm/package-json
 */
import { compact } from '#base';
import { defineExtractor } from '../extractor.js';
import { parsePackageJson } from './package-json.js';

export const nodePkg = defineExtractor({
  id: 'nodejs/node-pkg',
  type: 'node-pkg',
  name: 'node-pkg',
  runsOn: 'systems',
  revision: 1,
  files: ['**/package.json'],
  extract(file) {
    const { name, version, licenses } = parsePackageJson(file.text());
    if (!name || !version) return undefined;
    const found = compact({
      id: `${name}@${version}`,
      name,
      version,
      licenses,
      path: file.path,
      analyzedBy: 'node-pkg',
    });
    return { applications: [{ type: 'node-pkg', path: file.path, packages: [found] }] };
  },
});
