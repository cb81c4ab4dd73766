/** Oracle Linux; fixes come in flavours that must not be mixed. https://linux.oracle.com/security/oval/ */
import { defineDistribution } from '../distribution.js';

export const oracle = defineDistribution({
  id: 'oracle',
  title: 'Oracle Linux',
  docs: 'https://linux.oracle.com/security/',
  purl: { type: 'rpm' },
  release: 'major',
  advisories: {
    scheme: 'rpm',
    bucket: 'Oracle Linux',
    key: 'binary',
    compares: 'binary',
    unfixed: false,
    shape: 'entries',
    canonicalFix: true,
    applies: (pkg, fixedVersion) => flavour(pkg.release ?? '') === flavour(fixedVersion),
  },
  endOfLife: {
    '3': '2011-12-31',
    '4': '2013-12-31',
    '5': '2017-12-31',
    '6': '2021-03-21',
    '7': '2024-12-31',
    '8': '2029-07-18',
    '9': '2032-07-18',
  },
});

/** FIPS builds and live-patched (Ksplice) builds have fixes of their own. */
function flavour(version: string): 'normal' | 'fips' | 'ksplice' {
  const lower = version.toLowerCase();
  if (lower.endsWith('_fips')) return 'fips';
  return lower.split('.').some((part) => part.startsWith('ksplice')) ? 'ksplice' : 'normal';
}
