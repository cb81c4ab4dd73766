/**
 * Red Hat Enterprise Linux, and CentOS, which is matched against Red Hat's data.
 * An advisory applies to a package when it shares a CPE with the repositories the package may come from:
 * the content sets that a layer names, else the defaults of the release.
 * https://access.redhat.com/articles/5554431 · https://access.redhat.com/support/policy/updates/errata
 */
import { defineDistribution, type DistributionAdvisories } from '../distribution.js';

const advisories = {
  scheme: 'rpm',
  bucket: 'Red Hat',
  release: 'none',
  key: 'module',
  compares: 'binary',
  unfixed: true,
  shape: 'red-hat',
  contentSets: {
    '6': ['rhel-6-server-rpms', 'rhel-6-server-extras-rpms'],
    '7': ['rhel-7-server-rpms', 'rhel-7-server-extras-rpms'],
    '8': ['rhel-8-for-x86_64-baseos-rpms', 'rhel-8-for-x86_64-appstream-rpms'],
    '9': ['rhel-9-for-x86_64-baseos-rpms', 'rhel-9-for-x86_64-appstream-rpms'],
  },
  severitySource: 'redhat',
  statuses: true,
  vendorIds: true,
} as const satisfies DistributionAdvisories;

export const redhat = defineDistribution({
  id: 'redhat',
  title: 'Red Hat Enterprise Linux',
  docs: 'https://access.redhat.com/security/data',
  purl: { type: 'rpm' },
  release: 'major',
  advisories,
  endOfLife: {
    '4': '2017-05-31',
    '5': '2020-11-30',
    '6': '2024-06-30',
    '7': '3000-01-01',
    '8': '3000-01-01',
    '9': '3000-01-01',
    '10': '3000-01-01',
  },
});

export const centos = defineDistribution({
  id: 'centos',
  title: 'CentOS Linux',
  docs: 'https://access.redhat.com/security/data',
  purl: { type: 'rpm' },
  release: 'major',
  advisories,
  endOfLife: {
    '3': '2010-10-31',
    '4': '2012-02-29',
    '5': '2017-03-31',
    '6': '2020-11-30',
    '7': '2024-06-30',
    '8': '2021-12-31',
  },
});
