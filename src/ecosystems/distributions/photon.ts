/** VMware Photon OS. https://github.com/vmware/photon/wiki/Security-Advisories */
import { defineDistribution } from '../distribution.js';

export const photon = defineDistribution({
  id: 'photon',
  title: 'Photon OS',
  docs: 'https://packages.broadcom.com/photon/photon_cve_metadata/',
  purl: { type: 'rpm' },
  release: 'exact',
  advisories: {
    scheme: 'rpm',
    bucket: 'Photon OS',
    key: 'source',
    compares: 'binary',
    unfixed: false,
  },
  endOfLife: {
    '1.0': '2022-02-28',
    '2.0': '2022-12-31',
    '3.0': '2024-03-31',
    '4.0': '2026-03-31',
    '5.0': '3000-01-01',
  },
});
