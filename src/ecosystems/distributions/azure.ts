/** Azure Linux, and CBL-Mariner before it. https://github.com/microsoft/AzureLinuxVulnerabilityData */
import { defineDistribution, type DistributionAdvisories } from '../distribution.js';

const advisories = {
  scheme: 'rpm',
  key: 'source',
  compares: 'source',
  unfixed: true,
  withoutPackageId: true,
} as const satisfies Omit<DistributionAdvisories, 'bucket'>;

const common = {
  docs: 'https://github.com/microsoft/AzureLinuxVulnerabilityData',
  purl: { type: 'rpm' },
  release: 'minor',
  endOfLife: 'never',
} as const;

export const azurelinux = defineDistribution({
  ...common,
  id: 'azurelinux',
  title: 'Azure Linux',
  advisories: { ...advisories, bucket: 'Azure Linux' },
});

export const cblMariner = defineDistribution({
  ...common,
  id: 'cbl-mariner',
  title: 'CBL-Mariner',
  advisories: { ...advisories, bucket: 'CBL-Mariner' },
});
