/**
 * Debian's version: the first line of etc/debian_version, e.g. `12.5` or `trixie/sid`.
 * Ubuntu and other derivatives carry the file too; `mergeOs` lets their own files win.
 * Source  https://sources.debian.org/src/base-files/latest/etc/debian_version/
 */
import { defineExtractor } from '../extractor.js';
import { firstLine } from './line-scanner.js';

export const debianVersion = defineExtractor({
  id: 'os/debian-version',
  type: 'os',
  name: 'debian',
  runsOn: 'everywhere',
  revision: 1,
  files: ['etc/debian_version'],
  extract(file, context) {
    const name = firstLine(file.text()).trim();
    if (name !== '') return { os: { family: 'debian', name } };
    context.report('no-version', 'the first line is blank');
    return undefined;
  },
});
