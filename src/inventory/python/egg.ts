/**
 * Python eggs kept zipped: `*.egg`.
 * Reads   `EGG-INFO/PKG-INFO` inside the archive, at most 1 MiB of it.
 * Errors  `FormatError` when the file is no zip archive; diagnostic `incomplete-metadata` without name or version.
 * Source  https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html
 */
import { readZipEntry, zipEntries } from '#formats';
import { defineExtractor } from '../extractor.js';
import { parseCoreMetadata } from './core-metadata.js';

const metadataLimit = 1024 * 1024;

export const egg = defineExtractor({
  id: 'python/egg',
  type: 'python-pkg',
  name: 'python-egg',
  runsOn: 'everywhere',
  revision: 1,
  files: ['**/*.egg'],
  extract(file, context) {
    for (const entry of zipEntries(file)) {
      if (!entry.path.endsWith('EGG-INFO/PKG-INFO')) continue;
      const metadata = parseCoreMetadata(new TextDecoder().decode(readZipEntry(file, entry, metadataLimit)));
      if (!metadata) break;
      const packages = [{ ...metadata, path: file.path, analyzedBy: 'python-egg' }];
      return { applications: [{ type: 'python-pkg', path: file.path, packages }] };
    }
    context.report('incomplete-metadata', 'no name or version');
    return undefined;
  },
});
