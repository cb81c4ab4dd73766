/**
 * Digests of packages from var/lib/dpkg/available, the list of packages dpkg knows where to get.
 * Yields  SHA-256 of the package archive by `name@version`.
 * Source  https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html#FILES
 */
import { defineExtractor } from '../extractor.js';
import { controlParagraphs } from './deb-control.js';

const wanted = ['package', 'sha256', 'version'];

export const dpkgAvailable = defineExtractor({
  id: 'os/dpkg-available',
  type: 'os',
  name: 'dpkg',
  runsOn: 'everywhere',
  revision: 1,
  files: ['var/lib/dpkg/available'],
  extract(file, context) {
    const digests = new Map<string, string>();
    const report = (code: string, message: string, line: number): void => context.report(code, message, line);
    for (const { fields } of controlParagraphs(file.text(), wanted, report)) {
      const [name, version, sha256] = [fields.get('package'), fields.get('version'), fields.get('sha256')];
      if (name && version && sha256 && /^[0-9a-f]{64}$/i.test(sha256)) {
        digests.set(`${name}@${version}`, `sha256:${sha256.toLowerCase()}`);
      }
    }
    // A key always holds an `@`, so none can be a name of Object.prototype.
    return { packageDigests: Object.fromEntries(digests) };
  },
});
