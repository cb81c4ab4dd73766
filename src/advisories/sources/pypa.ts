/**
 * The advisory database of the Python Packaging Authority.
 * Reads   `PYSEC-YYYY-N.yaml` in the OSV format.
 * Source  https://github.com/pypa/advisory-database
 */
import { defineAdvisorySource } from './advisory-source.js';
import { osvStatements } from './osv-entry.js';
import { parseFeedYaml } from './parse-feed.js';

export const pypa = defineAdvisorySource({
  id: 'pypa',
  title: 'Python Packaging Advisory Database',
  url: 'https://github.com/pypa/advisory-database',
  license: 'CC-BY-4.0',
  feed: 'pypa',
  files: /(?:^|\/)PYSEC-[^/]+\.ya?ml$/,
  buckets: ['pip::Python Packaging Advisory Database'],
  scheme: 'pep440',
  async *parse(file) {
    yield* osvStatements(await parseFeedYaml(await file.text()), {
      provider: 'pypa',
      ecosystem: 'PyPI',
      bucket: 'pip::Python Packaging Advisory Database',
      scheme: 'pep440',
      normalize: (name) => name.toLowerCase().replaceAll('_', '-'),
    });
  },
});
