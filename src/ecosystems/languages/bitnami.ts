/** Bitnami packages, read from the SPDX documents inside Bitnami images. Versions carry a revision, `1.2.3-4`. */
import { defineEcosystem } from '../ecosystem.js';

export const bitnami = defineEcosystem({
  id: 'bitnami',
  title: 'Bitnami',
  docs: 'https://github.com/bitnami/vulndb',
  types: ['bitnami'],
  scheme: 'bitnami',
  advisories: 'bitnami::',
});
