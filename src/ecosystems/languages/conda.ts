/** Conda packages: listed, never matched, since no advisories speak of their builds. */
import { defineEcosystem } from '../ecosystem.js';

export const conda = defineEcosystem({
  id: 'conda',
  title: 'Conda',
  docs: 'https://docs.conda.io',
  types: ['conda-environment', 'conda-pkg'],
  aggregated: { 'conda-pkg': 'Conda' },
  purlType: 'conda',
});
