/**
 * Dependencies locked by Gradle.
 * Reads   `gradle.lockfile` (or `*gradle.lockfile`): `group:artifact:version=configuration,…` per line.
 * Yields  one package per line; for development only when every configuration is one of tests.
 * Errors  none: comments, the `empty=` line and lines of another shape are passed over.
 * Source  https://docs.gradle.org/current/userguide/dependency_locking.html
 */
import { compact } from '#base';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';

export const gradleLockfile = defineExtractor({
  id: 'java/gradle-lockfile',
  type: 'gradle',
  name: 'gradle-lockfile',
  runsOn: 'sources',
  revision: 1,
  files: ['**/*gradle.lockfile'],
  extract(file) {
    const packages = file
      .text()
      .split('\n')
      .flatMap((line, index): Package[] => {
        const [coordinates = '', configurations = ''] = line.trim().split('=', 2);
        const [group, artifact, version, ...more] = coordinates.split(':');
        if (!group || group.startsWith('#') || !artifact || !version || more.length > 0) return [];
        return [
          compact({
            id: coordinates,
            name: `${group}:${artifact}`,
            version,
            dev: configurations.split(',').every((one) => one.startsWith('test')) ? true : undefined,
            locations: [{ start: index + 1, end: index + 1 }],
            analyzedBy: 'gradle-lockfile',
          }),
        ];
      });
    return { applications: [{ type: 'gradle', path: file.path, packages }] };
  },
});
