/**
 * Licenses of a Debian package from its copyright file, which policy demands of every package.
 * Reads   `License:` lines of the machine-readable format; in any file, mentions of /usr/share/common-licenses.
 * Yields  the names in order of appearance, each once, as SPDX identifiers where they are known.
 * Limits  1024 characters of a `License:` line.
 * Errors  none: a file without either yields nothing, since free text is no declaration.
 * Source  https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
 */
import { normalizeLicense, splitLicenses } from '#formats';
import { defineExtractor } from '../extractor.js';

export const dpkgCopyright = defineExtractor({
  id: 'os/dpkg-copyright',
  type: 'os',
  name: 'dpkg-license',
  runsOn: 'everywhere',
  revision: 1,
  files: ['usr/share/doc/*/copyright'],
  extract(file) {
    const licenses = licensesIn(file.text());
    const name = file.path.split('/')[3];
    return licenses.length > 0 && name ? { packageLicenses: { [name]: licenses } } : undefined;
  },
});

/** Characters; a longer line is license text, not a name. */
const MAX_FIELD = 1024;
const MAX_NAME = 64;
const FIELD = 'License:';
const COMMON = 'usr/share/common-licenses/';

/** Jumps from mark to mark: copyright files make most of the text of a small image. */
function licensesIn(text: string): string[] {
  const found = new Set<string>();
  let field = text.indexOf(FIELD);
  let common = text.indexOf(COMMON);
  while (field >= 0 || common >= 0) {
    let next: number;
    if (field >= 0 && (common < 0 || field < common)) {
      next = lineEnd(text, field);
      const declares = field === 0 || text[field - 1] === '\n';
      if (!declares) next = field + FIELD.length;
      else
        for (const name of splitLicenses(
          text
            .slice(field + FIELD.length, next)
            .slice(0, MAX_FIELD)
            .trim(),
        ))
          found.add(name);
    } else {
      next = common + COMMON.length;
      const name = /^[\w.+-]*[\w+]/.exec(text.slice(next, next + MAX_NAME))?.[0];
      if (name) found.add(normalizeLicense(name));
    }
    if (field >= 0 && field < next) field = text.indexOf(FIELD, next);
    if (common >= 0 && common < next) common = text.indexOf(COMMON, next);
  }
  return [...found];
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
