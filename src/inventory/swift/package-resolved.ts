/**
 * Packages resolved by the Swift Package Manager.
 * Reads   `Package.resolved` of versions 1 (pins below `object`) to 3.
 * Yields  packages named by their place without `https://` and `.git`, with lines. A pin to a branch has the branch as
 *         its version.
 * Errors  `FormatError` when the file is no JSON object; a pin without any name is passed over.
 * Source  https://github.com/swiftlang/swift-package-manager/blob/main/Sources/PackageGraph/ResolvedPackagesStore.swift
 */
import { compact, FormatError } from '#base';
import { isTable, listOf, parseLocatedJson, textOf } from '#formats';
import { defineExtractor } from '../extractor.js';

export const packageResolved = defineExtractor({
  id: 'swift/package-resolved',
  type: 'swift',
  name: 'swift',
  runsOn: 'sources',
  revision: 1,
  files: ['**/Package.resolved'],
  extract(file) {
    const json = parseLocatedJson(file.text());
    if (!isTable(json.root)) throw new FormatError('Package.resolved is no object');
    const pins = [...listOf(json.root, 'object', 'pins'), ...listOf(json.root, 'pins')];
    const packages = pins.flatMap((pin) => {
      const place = textOf(pin, 'location') || textOf(pin, 'repositoryURL') || textOf(pin, 'identity');
      if (!place) return [];
      const name = place.replace(/^https:\/\//, '').replace(/\.git$/, '');
      const version = textOf(pin, 'state', 'version') || textOf(pin, 'state', 'branch') || '';
      const lines = json.linesOf(pin);
      return compact({
        id: version ? `${name}@${version}` : name,
        name,
        version,
        locations: lines && [lines],
        analyzedBy: 'swift',
      });
    });
    return { applications: [{ type: 'swift', path: file.path, packages }] };
  },
});
