/**
 * Content sets that a layer of a Red Hat image was built from; they choose the advisories that apply.
 * Shape   JSON with a list `content_sets` of repository names.
 * Errors  `FormatError` when it is no JSON object; without the list → `no-content-sets`.
 * Source  https://github.com/containerbuildsystem/atomic-reactor/blob/master/atomic_reactor/schemas/content_manifest.json
 */
import { FormatError } from '#base';
import { defineExtractor } from '../extractor.js';

export const redhatContentManifest = defineExtractor({
  id: 'os/redhat-content-manifest',
  type: 'os',
  name: 'redhat-content-manifest',
  runsOn: 'everywhere',
  revision: 1,
  files: ['root/buildinfo/content_manifests/*.json', 'usr/share/buildinfo/*.json'],
  extract(file, context) {
    let manifest: unknown;
    try {
      manifest = JSON.parse(file.text());
    } catch (cause) {
      throw new FormatError('not JSON', { cause });
    }
    if (typeof manifest !== 'object' || manifest === null) throw new FormatError('not a JSON object');
    const sets: unknown = 'content_sets' in manifest ? manifest.content_sets : undefined;
    if (!Array.isArray(sets)) {
      context.report('no-content-sets', 'no list "content_sets"');
      return undefined;
    }
    return { buildInfo: { contentSets: sets.filter((set): set is string => typeof set === 'string') } };
  },
});
