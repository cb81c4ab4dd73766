/**
 * Bitnami's database of vulnerabilities in the applications it packages.
 * Reads   `BIT-<application>-YYYY-N.json` in the OSV format; CVSS vectors stand with the package.
 * Source  https://github.com/bitnami/vulndb
 */
import { defineAdvisorySource } from './advisory-source.js';
import { osvStatements } from './osv-entry.js';
import { parseFeedJson } from './parse-feed.js';

export const bitnami = defineAdvisorySource({
  id: 'bitnami',
  title: 'Bitnami Vulnerability Database',
  url: 'https://github.com/bitnami/vulndb',
  license: 'Apache-2.0',
  feed: 'bitnami',
  files: /(?:^|\/)BIT-[^/]+\.json$/,
  buckets: ['bitnami::Bitnami Vulnerability Database'],
  scheme: 'bitnami',
  async *parse(file) {
    yield* osvStatements(parseFeedJson(await file.text()), {
      provider: 'bitnami',
      ecosystem: 'Bitnami',
      bucket: 'bitnami::Bitnami Vulnerability Database',
      scheme: 'bitnami',
      normalize: (name) => name.toLowerCase(),
    });
  },
});
