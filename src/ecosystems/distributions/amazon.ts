/** Amazon Linux; versions read `2 (Karoo)`, `2023.3.20240122 (Amazon Linux)`, `AMI release 2018.03`. https://alas.aws.amazon.com */
import { defineDistribution, releaseOf } from '../distribution.js';

export const amazon = defineDistribution({
  id: 'amazon',
  title: 'Amazon Linux',
  docs: 'https://alas.aws.amazon.com',
  purl: { type: 'rpm' },
  release: (version) => {
    const major = releaseOf('major', version.trim().split(/\s+/)[0] ?? '');
    return ['2', '2022', '2023'].includes(major) ? major : '1';
  },
  // The order of Debian versions, as the reference uses it: it differs from rpm's for `^` and for missing releases.
  advisories: { scheme: 'deb', bucket: 'amazon linux', key: 'binary', compares: 'binary', unfixed: false },
  endOfLife: { '1': '2023-12-31', '2': '2026-06-30', '2023': '2028-03-15' },
});
