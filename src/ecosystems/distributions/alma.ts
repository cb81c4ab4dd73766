/** AlmaLinux. https://errata.almalinux.org · https://wiki.almalinux.org/release-notes/ */
import { defineDistribution } from '../distribution.js';

export const alma = defineDistribution({
  id: 'alma',
  title: 'AlmaLinux',
  docs: 'https://errata.almalinux.org',
  purl: { type: 'rpm' },
  release: 'major',
  advisories: {
    scheme: 'rpm',
    bucket: 'alma',
    key: 'module',
    compares: 'binary',
    unfixed: false,
    canonicalFix: true,
    // A module's package without its label would meet the advisories of the same name outside modules.
    applies: (pkg) => !(pkg.release?.includes('.module_el') && !pkg.modularityLabel),
  },
  endOfLife: { '8': '2029-03-01', '9': '2032-05-31', '10': '2035-05-31' },
});
