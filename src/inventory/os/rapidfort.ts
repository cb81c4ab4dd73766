/**
 * RapidFort's curated images: the presence of its file names the supplier, whose advisories then apply.
 * Source  https://docs.rapidfort.com
 */
import { defineExtractor } from '../extractor.js';

export const rapidfort = defineExtractor({
  id: 'os/rapidfort',
  type: 'os',
  name: 'rapidfort',
  runsOn: 'everywhere',
  revision: 1,
  files: ['usr/share/rapidfort/curated.json'],
  extract: () => ({ os: { family: '', name: '', supplier: 'rapidfort' } }),
});
