/**
 * Ubuntu's version from etc/lsb-release. Other distributions have the file too and yield nothing.
 * Source  https://refspecs.linuxfoundation.org/LSB_3.0.0/LSB-PDA/LSB-PDA/lsbrelease.html
 */
import { defineExtractor } from '../extractor.js';
import { linesOf } from './line-scanner.js';

export const lsbRelease = defineExtractor({
  id: 'os/lsb-release',
  type: 'os',
  name: 'ubuntu',
  runsOn: 'everywhere',
  revision: 1,
  files: ['etc/lsb-release'],
  extract(file) {
    let ubuntu = false;
    for (const line of linesOf(file.text())) {
      if (line === 'DISTRIB_ID=Ubuntu') ubuntu = true;
      else if (ubuntu && line.startsWith('DISTRIB_RELEASE=')) {
        return { os: { family: 'ubuntu', name: line.slice('DISTRIB_RELEASE='.length).trim() } };
      }
    }
    return undefined;
  },
});
