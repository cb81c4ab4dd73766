/**
 * Packages locked by Dart's pub.
 * Reads   `pubspec.lock`.
 * Yields  packages with relationship; those the project asks for in any way (main, dev, overridden) are direct.
 * Errors  `FormatError` when the file is no YAML table; an entry without a version is passed over.
 * Source  https://dart.dev/tools/pub/glossary#lockfile
 */
import { FormatError } from '#base';
import { entriesOf, isTable, parseYaml, textOf } from '#formats';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';

export const pubspecLock = defineExtractor({
  id: 'dart/pubspec-lock',
  type: 'pub',
  name: 'pubspec-lock',
  runsOn: 'sources',
  revision: 1,
  files: ['**/pubspec.lock'],
  async extract(file) {
    const lock = await parseYaml(file.text());
    if (!isTable(lock)) throw new FormatError('pubspec.lock is no table');
    const packages = entriesOf(lock, 'packages').flatMap(([name, entry]): readonly Package[] => {
      const version = textOf(entry, 'version');
      if (!version) return [];
      const relationship = textOf(entry, 'dependency') === 'transitive' ? 'indirect' : 'direct';
      return [{ id: `${name}@${version}`, name, version, relationship, analyzedBy: 'pubspec-lock' }];
    });
    return { applications: [{ type: 'pub', path: file.path, packages }] };
  },
});
