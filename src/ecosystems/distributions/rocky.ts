/** Rocky Linux. https://errata.rockylinux.org · https://wiki.rockylinux.org/rocky/version/ */
import { defineDistribution } from '../distribution.js';

export const rocky = defineDistribution({
  id: 'rocky',
  title: 'Rocky Linux',
  docs: 'https://errata.rockylinux.org',
  purl: { type: 'rpm' },
  release: 'major',
  advisories: {
    scheme: 'rpm',
    bucket: 'rocky',
    key: 'module',
    compares: 'binary',
    unfixed: false,
    shape: 'entries',
    canonicalFix: true,
  },
  endOfLife: { '8': '2029-05-31', '9': '2032-05-31' },
});
