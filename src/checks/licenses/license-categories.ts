/**
 * What using software under a license asks for, by the classes that Google publishes and license checkers share.
 * Names are SPDX identifiers in the form without `-only` and `-or-later`, and a few of the classifier's own.
 * Source  https://github.com/google/licenseclassifier/blob/main/license_type.go
 */
import type { LicenseCategory, Severity } from '#model';

export const categorySeverity: Readonly<Record<LicenseCategory, Severity>> = {
  forbidden: 'CRITICAL',
  restricted: 'HIGH',
  reciprocal: 'MEDIUM',
  notice: 'LOW',
  permissive: 'LOW',
  unencumbered: 'LOW',
  unknown: 'UNKNOWN',
};

/** From the gravest on. */
const licenses: readonly (readonly [LicenseCategory, string])[] = [
  [
    'forbidden',
    `AGPL-1.0 AGPL-3.0 Commons-Clause Facebook-2-Clause Facebook-3-Clause Facebook-Examples WTFPL
    CC-BY-NC-1.0 CC-BY-NC-2.0 CC-BY-NC-2.5 CC-BY-NC-3.0 CC-BY-NC-4.0
    CC-BY-NC-ND-1.0 CC-BY-NC-ND-2.0 CC-BY-NC-ND-2.5 CC-BY-NC-ND-3.0 CC-BY-NC-ND-4.0
    CC-BY-NC-SA-1.0 CC-BY-NC-SA-2.0 CC-BY-NC-SA-2.5 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0`,
  ],
  [
    'restricted',
    `GPL-1.0 GPL-2.0 GPL-3.0 LGPL-2.0 LGPL-2.1 LGPL-3.0
    GPL-2.0-with-autoconf-exception GPL-2.0-with-bison-exception GPL-2.0-with-classpath-exception
    GPL-2.0-with-font-exception GPL-2.0-with-GCC-exception
    GPL-3.0-with-autoconf-exception GPL-3.0-with-GCC-exception
    CC-BY-ND-1.0 CC-BY-ND-2.0 CC-BY-ND-2.5 CC-BY-ND-3.0 CC-BY-ND-4.0
    CC-BY-SA-1.0 CC-BY-SA-2.0 CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-4.0
    BCL NPL-1.0 NPL-1.1 OSL-1.0 OSL-1.1 OSL-2.0 OSL-2.1 OSL-3.0 QPL-1.0 Sleepycat`,
  ],
  [
    'reciprocal',
    `APSL-1.0 APSL-1.1 APSL-1.2 APSL-2.0 CDDL-1.0 CDDL-1.1 CPL-1.0 EPL-1.0 EPL-2.0 FreeImage IPL-1.0
    MPL-1.0 MPL-1.1 MPL-2.0 Ruby`,
  ],
  [
    'notice',
    `AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 Apache-1.0 Apache-1.1 Apache-2.0
    Artistic-1.0 Artistic-1.0-cl8 Artistic-1.0-Perl Artistic-2.0 BSL-1.0
    BSD-2-Clause BSD-2-Clause-FreeBSD BSD-2-Clause-NetBSD BSD-3-Clause BSD-3-Clause-Attribution
    BSD-3-Clause-Clear BSD-3-Clause-LBNL BSD-4-Clause BSD-4-Clause-UC BSD-Protection
    CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-3.0 CC-BY-4.0 FTL ImageMagick ISC Libpng Lil-1.0 Linux-OpenIB
    LPL-1.0 LPL-1.02 MIT MS-PL NCSA OpenSSL PHP-3.0 PHP-3.01 PIL PostgreSQL Python-2.0 Python-2.0-complete
    SGI-B-1.0 SGI-B-1.1 SGI-B-2.0 Unicode-DFS-2015 Unicode-DFS-2016 Unicode-TOU UPL-1.0
    W3C W3C-19980720 W3C-20150513 X11 Xnet Zend-2.0 Zlib zlib-acknowledgement ZPL-1.1 ZPL-2.0 ZPL-2.1`,
  ],
  ['unencumbered', '0BSD CC0-1.0 Unlicense'],
];

/** Names that the user puts into categories, in place of the usual ones of those categories. */
export type LicenseChoice = Partial<Readonly<Record<LicenseCategory, readonly string[]>>>;

/** The category of one license by name, in any case. */
export type CategoryOf = (name: string) => LicenseCategory;

export function licenseCategories(choice: LicenseChoice = {}): CategoryOf {
  const chosen = Object.entries(choice) as readonly (readonly [LicenseCategory, readonly string[]])[];
  const usual = licenses.filter(([category]) => choice[category] === undefined);
  // Of two entries for a name the later counts: first the usual ones, the gravest last.
  const byName = new Map([
    ...usual.toReversed().flatMap(([category, names]) => entriesOf(category, names.split(/\s+/))),
    ...chosen.flatMap(([category, names]) => entriesOf(category, names)),
  ]);
  return (name) => {
    const key = name.toLowerCase();
    return byName.get(key) ?? byName.get(key.replace(/(?:-only|-or-later|\+)$/, '')) ?? 'unknown';
  };
}

const entriesOf = (category: LicenseCategory, names: readonly string[]): (readonly [string, LicenseCategory])[] =>
  names.map((name) => [name.toLowerCase(), category]);
