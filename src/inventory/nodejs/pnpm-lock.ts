/**
 * Packages locked by pnpm.
 * Reads   `pnpm-lock.yaml` of lock file versions 5 to 9; of several documents the last is the project's, those before
 *         it are pnpm's own. `node_modules/` beside it for licenses.
 * Yields  locked packages with dependencies and relationship. Until version 8 packages marked for development are left
 *         out; from 9 on nothing is marked, so what only development dependencies reach is for development.
 * Errors  `FormatError` when the file is no YAML table.
 * Source  https://github.com/pnpm/spec/tree/master/lockfile and https://pnpm.io/git#lockfiles
 */
import { FormatError } from '#base';
import { fieldOf, isTable, parseYamlDocuments, textOf } from '#formats';
import { defineExtractor } from '../extractor.js';
import { addInstalledLicenses, directoryOf } from './installed-licenses.js';
import { readMarkedLock } from './pnpm-lock-marked.js';
import { readSnapshotLock } from './pnpm-lock-snapshots.js';

export const pnpmLock = defineExtractor({
  id: 'nodejs/pnpm-lock',
  type: 'pnpm',
  name: 'pnpm',
  runsOn: 'sources',
  revision: 1,
  files: ['**/pnpm-lock.yaml'],
  companions: ['**/package.json'],
  accepts: ({ path }) => !`/${path}`.includes('/node_modules/'),
  async extract(file, context) {
    const documents = await parseYamlDocuments(file.text());
    const lock = documents.findLast(isTable);
    if (!lock) throw new FormatError('pnpm-lock.yaml is no table');
    const version = Number.parseFloat(textOf(lock, 'lockfileVersion') ?? '');
    const locked =
      version >= 9 || fieldOf(lock, 'snapshots') ? readSnapshotLock(lock) : readMarkedLock(lock, version >= 6);
    return {
      applications: [
        { type: 'pnpm', path: file.path, packages: addInstalledLicenses(locked, directoryOf(file.path), context) },
      ],
    };
  },
});
