/**
 * Python distributions as installed: wheels (`*.dist-info`) and eggs (`*.egg-info`, `EGG-INFO`).
 * Yields  one package per metadata file, its name as written.
 * Errors  diagnostic `incomplete-metadata` for a file without name or version.
 * Source  https://packaging.python.org/en/latest/specifications/recording-installed-packages/
 */
import type { FileEntry } from '#model';
import { defineExtractor } from '../extractor.js';
import { parseCoreMetadata } from './core-metadata.js';

export const pythonPackage = defineExtractor({
  id: 'python/package',
  type: 'python-pkg',
  name: 'python-pkg',
  runsOn: 'systems',
  revision: 1,
  files: ['**/METADATA', '**/PKG-INFO', '**/*.egg-info'],
  accepts({ path }: FileEntry) {
    if (path.endsWith('/METADATA')) return path.includes('.dist-info') || path.endsWith('.egg-info/METADATA');
    return /(?:\.egg-info|EGG-INFO)\/PKG-INFO$|\.egg-info$/.test(path);
  },
  extract(file, context) {
    const metadata = parseCoreMetadata(file.text());
    if (!metadata) {
      context.report('incomplete-metadata', 'no name or version');
      return undefined;
    }
    const packages = [{ ...metadata, path: file.path, analyzedBy: 'python-pkg' }];
    return { applications: [{ type: 'python-pkg', path: file.path, packages }] };
  },
});
