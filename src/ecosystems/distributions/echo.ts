/** Echo, hardened Debian images; its advisories cover whatever the images hold. https://advisory.echohq.com */
import { defineDistribution } from '../distribution.js';

export const echo = defineDistribution({
  id: 'echo',
  title: 'Echo',
  docs: 'https://advisory.echohq.com',
  purl: { type: 'deb' },
  release: 'exact',
  advisories: {
    scheme: 'deb',
    bucket: 'echo',
    release: 'none',
    key: 'source',
    compares: 'source',
    shows: 'source',
    unfixed: true,
    severitySource: 'echo',
    statuses: true,
    coversThirdParty: true,
  },
  endOfLife: 'never',
});
