/** SUSE Linux Enterprise and openSUSE; advisories are the vendor's notices (SUSE-SU-…), not CVEs. https://www.suse.com/support/update/ · https://www.suse.com/lifecycle */
import { defineDistribution, type DistributionAdvisories } from '../distribution.js';

const advisories = {
  scheme: 'rpm',
  key: 'binary',
  compares: 'binary',
  unfixed: false,
} as const satisfies Omit<DistributionAdvisories, 'bucket'>;

const docs = 'https://www.suse.com/support/update/';

export const opensuseLeap = defineDistribution({
  id: 'opensuse-leap',
  title: 'openSUSE Leap',
  docs,
  purl: { type: 'rpm', namespace: 'opensuse' },
  release: 'exact',
  advisories: { ...advisories, bucket: 'openSUSE Leap' },
  endOfLife: {
    '42.1': '2017-05-17',
    '42.2': '2018-01-26',
    '42.3': '2019-06-30',
    '15.0': '2019-12-03',
    '15.1': '2020-11-30',
    '15.2': '2021-11-30',
    '15.3': '2022-11-30',
    '15.4': '2023-11-30',
    '15.5': '2024-12-31',
    '15.6': '2025-12-31',
    '16.0': '2027-10-31',
  },
});

export const opensuseTumbleweed = defineDistribution({
  id: 'opensuse-tumbleweed',
  title: 'openSUSE Tumbleweed',
  docs,
  purl: { type: 'rpm', namespace: 'opensuse' },
  release: 'exact',
  advisories: { ...advisories, bucket: 'openSUSE Tumbleweed', release: 'none' },
  endOfLife: 'never',
});

export const sles = defineDistribution({
  id: 'sles',
  title: 'SUSE Linux Enterprise Server',
  docs,
  purl: { type: 'rpm', namespace: 'suse' },
  release: 'exact',
  advisories: { ...advisories, bucket: 'SUSE Linux Enterprise' },
  endOfLife: {
    '10': '2007-12-31',
    '10.1': '2008-11-30',
    '10.2': '2010-04-11',
    '10.3': '2011-10-11',
    '10.4': '2013-07-31',
    '11': '2010-12-31',
    '11.1': '2012-08-31',
    '11.2': '2014-01-31',
    '11.3': '2016-01-31',
    '11.4': '2019-03-31',
    '12': '2016-06-30',
    '12.1': '2017-05-31',
    '12.2': '2018-03-31',
    '12.3': '2019-01-30',
    '12.4': '2020-06-30',
    '12.5': '2024-10-31',
    '15': '2019-12-31',
    '15.1': '2021-01-31',
    '15.2': '2021-12-31',
    '15.3': '2022-12-31',
    '15.4': '2023-12-31',
    '15.5': '2024-12-31',
    '15.6': '2025-12-31',
    '15.7': '2031-07-31',
    '16.0': '2027-11-30',
    '16.1': '2028-11-30',
  },
});

export const slem = defineDistribution({
  id: 'slem',
  title: 'SUSE Linux Enterprise Micro',
  docs,
  purl: { type: 'rpm', namespace: 'suse' },
  release: 'exact',
  advisories: { ...advisories, bucket: 'SUSE Linux Enterprise Micro' },
  endOfLife: {
    '5.0': '2022-03-31',
    '5.1': '2025-10-31',
    '5.2': '2026-04-30',
    '5.3': '2026-10-30',
    '5.4': '2027-04-30',
    '5.5': '2027-10-31',
    '6.0': '2028-06-30',
    '6.1': '2028-11-30',
  },
});
