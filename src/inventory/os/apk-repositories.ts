/**
 * The apk repository stream in use, from etc/apk/repositories: the newest release named, or `edge`.
 * Packages come from there, whatever etc/alpine-release says, so advisories follow it.
 * Shape   one URL a line, `scheme://host/<distribution>/v<release>/<repository>`, a `@tag ` before it at will;
 *         a local path tells nothing. A line commented out with `#` counts too, as in the reference.
 * Errors  repositories of two distributions → diagnostic `mixed-distributions`, no repository.
 * Source  https://git.alpinelinux.org/apk-tools/tree/doc/apk-repositories.5.scd
 */
import { defineExtractor } from '../extractor.js';
import { linesOf } from './line-scanner.js';

export const apkRepositories = defineExtractor({
  id: 'os/apk-repositories',
  type: 'os',
  name: 'apk-repo',
  runsOn: 'everywhere',
  revision: 1,
  files: ['etc/apk/repositories'],
  extract(file, context) {
    let family = '';
    let release = '';
    let number = 0;
    for (const line of linesOf(file.text())) {
      number++;
      const found = /(?:https?|ftp):\/\/[0-9A-Za-z.-]+\/([A-Za-z]+)\/v?([0-9A-Za-z_.-]+)\//.exec(line);
      if (!found) continue;
      if (family !== '' && family !== found[1]) {
        context.report('mixed-distributions', `repositories of ${family} and ${found[1]}`, number);
        return undefined;
      }
      family = found[1]!;
      if (release === '' || isNewer(found[2]!, release)) release = found[2]!;
    }
    return family === '' ? undefined : { repository: { family, release } };
  },
});

function isNewer(a: string, b: string): boolean {
  if (b === 'edge') return false;
  if (a === 'edge') return true;
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
