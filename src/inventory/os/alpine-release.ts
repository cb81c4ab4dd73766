/**
 * Alpine's version: the first line of etc/alpine-release.
 * Source  https://gitlab.alpinelinux.org/alpine/aports/-/blob/master/main/alpine-base/APKBUILD
 */
import { defineExtractor } from '../extractor.js';
import { firstLine } from './line-scanner.js';

export const alpineRelease = defineExtractor({
  id: 'os/alpine-release',
  type: 'os',
  name: 'alpine',
  runsOn: 'everywhere',
  revision: 1,
  files: ['etc/alpine-release'],
  extract(file, context) {
    const name = firstLine(file.text()).trim();
    if (name !== '') return { os: { family: 'alpine', name } };
    context.report('no-version', 'the first line is blank');
    return undefined;
  },
});
