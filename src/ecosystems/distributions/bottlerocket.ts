/** Bottlerocket; packages come from its application inventory. https://github.com/bottlerocket-os/bottlerocket/security/advisories */
import { defineDistribution } from '../distribution.js';

export const bottlerocket = defineDistribution({
  id: 'bottlerocket',
  title: 'Bottlerocket',
  docs: 'https://advisories.bottlerocket.aws',
  purl: { type: 'bottlerocket', namespace: '' },
  release: 'exact',
  advisories: {
    scheme: 'rpm',
    bucket: 'bottlerocket',
    release: 'none',
    key: 'binary',
    compares: 'binary',
    unfixed: false,
  },
  endOfLife: 'never',
});
