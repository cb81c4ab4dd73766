/**
 * License names as people write them, made SPDX identifiers where the name says which.
 * Yields  `GNU General Public License v2 or later (GPLv2+)` → `GPL-2.0-or-later`; what is not recognised stays as it is.
 * Limits  names over 200 characters stay as they are; over 4096, a list is taken for the text of a license.
 * Errors  none.
 * Source  https://spdx.org/licenses/ and https://pypi.org/classifiers/
 */

/** The SPDX identifier a single license name means, or the name itself. */
export function normalizeLicense(name: string): string {
  if (name.length > 200) return name;
  const { words, later } = dissect(name);
  const key = words.join('-');
  const alias = aliases[key];
  if (alias !== undefined) return later && !alias.includes('-or-') ? `${alias}+` : alias;
  for (const { pattern, id, versions, gnu } of families) {
    const found = pattern.exec(key);
    if (!found) continue;
    const version = versions[found[1] ?? ''];
    if (version === undefined) continue;
    return `${id}-${version}${gnu ? (later ? '-or-later' : '-only') : later ? '+' : ''}`;
  }
  return name;
}

/** One string that names several licenses (`MIT, BSD`, `MIT or Apache-2.0`), taken apart and normalised. */
export function splitLicenses(text: string): readonly string[] {
  if (text.length > 4096 || isLicenseText(text)) return [`text://${text}`];
  return text
    .split(/\s*,(?!\s*version\b)\s*|[\s_]+and[\s_]+|[\s_]+or[\s_]+(?!later|newer|greater|any\b)/i)
    .map((part) => part.trim().replace(/^(?:or|and)\s+/i, ''))
    .filter((part) => part !== '')
    .map(normalizeLicense);
}

/** The text of a license in place of its name. */
function isLicenseText(text: string): boolean {
  return /https?:\/\/|\(c\)|as-is|;|\bhereby\b|permission to use|permission is|use in source|use, copy, modify|\busing\b/i.test(
    text,
  );
}

function dissect(name: string): { words: readonly string[]; later: boolean } {
  let text = name
    .toUpperCase()
    .replace(/\([^()]*\)\s*$/, '')
    .trim();
  const plain = text.replace(
    /(?:\+|[\s,-]*\bOR[\s-]+(?:LATER|NEWER|GREATER|\(AT YOUR OPTION\) ANY LATER)(?:[\s-]+VERSIONS?)?)$/,
    '',
  );
  const later = plain !== text;
  text = plain.replace(/[\s-]+ONLY$/, '');
  const words = text
    .split(/[\s,;:'"/_-]+/)
    .filter((word) => word !== '' && !fillers.has(word))
    .map((word) => word.replace(/^V(?:\.|ER\.?)?(?=\d)/, ''));
  return { words, later };
}

const fillers = new Set(['THE', 'A', 'LICENSE', 'LICENCE', 'LICENSED', 'LICENSES', 'UNDER', 'VERSION', 'V', 'V.']);

interface Family {
  /** On the words of a name, joined by `-`; the first group is the version. */
  readonly pattern: RegExp;
  readonly id: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly gnu?: boolean;
}

const gplVersions = { '1': '1.0', '1.0': '1.0', '2': '2.0', '2.0': '2.0', '3': '3.0', '3.0': '3.0' };
const lgplVersions = { '2': '2.0', '2.0': '2.0', '2.1': '2.1', '3': '3.0', '3.0': '3.0' };
const agplVersions = { '1': '1.0', '1.0': '1.0', '3': '3.0', '3.0': '3.0' };
const gfdlVersions = { '1.1': '1.1', '1.2': '1.2', '1.3': '1.3' };

const families: readonly Family[] = [
  { pattern: /^(?:GNU-)?(?:GPL|GENERAL-PUBLIC|GNU-GPL)-?V?([\d.]*)$/, id: 'GPL', versions: gplVersions, gnu: true },
  {
    pattern:
      /^(?:GNU-)?(?:LGPL|(?:LESSER|LIBRARY|LIBRARY-OR-LESSER|LESSER-OR-LIBRARY)-(?:GENERAL-PUBLIC|GPL))-?V?([\d.]*)$/,
    id: 'LGPL',
    versions: lgplVersions,
    gnu: true,
  },
  {
    pattern: /^(?:GNU-)?(?:AGPL|AFFERO-(?:GENERAL-PUBLIC|GPL))-?V?([\d.]*)$/,
    id: 'AGPL',
    versions: agplVersions,
    gnu: true,
  },
  {
    pattern: /^(?:GNU-)?(?:GFDL|FDL|FREE-DOCUMENTATION)-?V?([\d.]*)$/,
    id: 'GFDL',
    versions: gfdlVersions,
    gnu: true,
  },
  {
    pattern: /^(?:MPL|MOZILLA(?:-PUBLIC)?)-?([\d.]*)$/,
    id: 'MPL',
    versions: { '1': '1.0', '1.0': '1.0', '1.1': '1.1', '2': '2.0', '2.0': '2.0' },
  },
  {
    pattern: /^(?:EPL|ECLIPSE(?:-PUBLIC)?)-?V?([\d.]*)$/,
    id: 'EPL',
    versions: { '1': '1.0', '1.0': '1.0', '2': '2.0', '2.0': '2.0' },
  },
  {
    pattern: /^(?:ASL|APACHE|APACHE-SOFTWARE|APACHE-PUBLIC|APACHE-SOFTWARE-FOUNDATION)-?V?([\d.]*)$/,
    id: 'Apache',
    versions: { '': '2.0', '1': '1.0', '1.0': '1.0', '1.1': '1.1', '2': '2.0', '2.0': '2.0' },
  },
  {
    pattern: /^(?:CDDL|COMMON-DEVELOPMENT-AND-DISTRIBUTION)-?([\d.]*)$/,
    id: 'CDDL',
    versions: { '1': '1.0', '1.0': '1.0', '1.1': '1.1' },
  },
  { pattern: /^(?:AFL|ACADEMIC-FREE)-?([\d.]*)$/, id: 'AFL', versions: { '2.0': '2.0', '2.1': '2.1', '3.0': '3.0' } },
  {
    pattern: /^(?:BSL|BOOST(?:-SOFTWARE)?)-?([\d.]*)$/,
    id: 'BSL',
    versions: { '': '1.0', '1': '1.0', '1.0': '1.0' },
  },
  { pattern: /^(?:ZPL|ZOPE-PUBLIC)-?([\d.]*)$/, id: 'ZPL', versions: { '1.1': '1.1', '2.0': '2.0', '2.1': '2.1' } },
  { pattern: /^(?:EUPL|EUROPEAN-UNION-PUBLIC)-?([\d.]*)$/, id: 'EUPL', versions: { '1.1': '1.1', '1.2': '1.2' } },
];

const aliases: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  MIT: 'MIT',
  EXPAT: 'MIT',
  'MIT-EXPAT': 'MIT',
  X11: 'X11',
  ISC: 'ISC',
  ISCL: 'ISC',
  BSD: 'BSD-3-Clause',
  'NEW-BSD': 'BSD-3-Clause',
  'MODIFIED-BSD': 'BSD-3-Clause',
  'REVISED-BSD': 'BSD-3-Clause',
  'BSD-STYLE': 'BSD-3-Clause',
  'BSD-LIKE': 'BSD-3-Clause',
  '3-CLAUSE-BSD': 'BSD-3-Clause',
  'BSD-3': 'BSD-3-Clause',
  'BSD-3-CLAUSE': 'BSD-3-Clause',
  'BSD-3CLAUSE': 'BSD-3-Clause',
  'SIMPLIFIED-BSD': 'BSD-2-Clause',
  FREEBSD: 'BSD-2-Clause',
  '2-CLAUSE-BSD': 'BSD-2-Clause',
  'BSD-2': 'BSD-2-Clause',
  'BSD-2-CLAUSE': 'BSD-2-Clause',
  'BSD-2CLAUSE': 'BSD-2-Clause',
  'BSD-4-CLAUSE': 'BSD-4-Clause',
  '0BSD': '0BSD',
  UNLICENSE: 'Unlicense',
  CC0: 'CC0-1.0',
  'CC0-1.0': 'CC0-1.0',
  'CC0-1.0-UNIVERSAL': 'CC0-1.0',
  'CC-BY-4.0': 'CC-BY-4.0',
  'CC-BY-3.0': 'CC-BY-3.0',
  'CC-BY-SA-4.0': 'CC-BY-SA-4.0',
  WTFPL: 'WTFPL',
  ZLIB: 'Zlib',
  'ZLIB/LIBPNG': 'zlib-acknowledgement',
  OPENSSL: 'OpenSSL',
  'PYTHON-2.0': 'Python-2.0',
  'PSF-2.0': 'PSF-2.0',
  POSTGRESQL: 'PostgreSQL',
  ARTISTIC: 'Artistic-1.0',
  'ARTISTIC-1.0': 'Artistic-1.0',
  'ARTISTIC-2.0': 'Artistic-2.0',
  RUBY: 'Ruby',
  VIM: 'Vim',
});
