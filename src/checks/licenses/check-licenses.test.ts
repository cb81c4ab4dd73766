import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { severities } from '#model';
import { checkLicenses } from './check-licenses.js';
import { judgeLicense } from './judge-license.js';
import { categorySeverity, licenseCategories } from './license-categories.js';

const usual = licenseCategories();

const vectors: readonly (readonly [string, string])[] = [
  ['MIT', 'notice'],
  ['mit', 'notice'],
  ['AGPL-3.0-or-later', 'forbidden'],
  ['GPL-2.0', 'restricted'],
  ['GPL-2.0-only', 'restricted'],
  ['GPL-2.0+', 'restricted'],
  ['GPL-2.0-with-classpath-exception', 'restricted'],
  ['MPL-2.0', 'reciprocal'],
  ['CC0-1.0', 'unencumbered'],
  ['BSD-3-Clause AND MIT', 'notice'],
  ['MIT AND GPL-3.0-only', 'restricted'],
  ['MIT OR GPL-3.0-only', 'notice'],
  ['(MIT OR AGPL-3.0) AND MPL-2.0', 'reciprocal'],
  ['MIT OR Unheard-Of', 'unknown'],
  ['MIT AND Unheard-Of', 'unknown'],
  ['Apache-2.0 WITH LLVM-exception', 'unknown'],
  ['', 'unknown'],
  ['((', 'unknown'],
  ['constructor', 'unknown'],
];

test('categories of licenses and expressions', () => {
  for (const [license, category] of vectors) assert.equal(judgeLicense(license, usual), category, license);
});

test('one finding a package and license', () => {
  const found = checkLicenses(
    [
      { name: 'a', version: '1', licenses: ['MIT', 'GPL-3.0-only'] },
      {
        name: 'b',
        version: '1',
        path: 'own/file',
        licenses: ['file://LICENSE', 'text://Permission is hereby granted, free'],
      },
      { name: 'c', version: '1' },
    ],
    'a.lock',
  );
  assert.deepEqual(
    found.map(({ packageName, filePath, name, severity, text }) => [packageName, filePath, name, severity, text]),
    [
      ['a', 'a.lock', 'MIT', 'LOW', ''],
      ['a', 'a.lock', 'GPL-3.0-only', 'HIGH', ''],
      ['b', 'own/file', 'CUSTOM License: Permission is hereby...', 'UNKNOWN', 'Permission is hereby granted, free'],
    ],
  );
});

const weight = (text: string): number => severities.indexOf(categorySeverity[judgeLicense(text, usual)]);

test('more licenses bind more, a choice binds less', () => {
  const license = fc.constantFrom('MIT', 'GPL-3.0-only', 'MPL-2.0', 'AGPL-3.0-only', 'CC0-1.0');
  fc.assert(
    fc.property(license, license, (a, b) => {
      assert.equal(weight(`${a} AND ${b}`), Math.max(weight(a), weight(b)));
      assert.equal(weight(`${a} OR ${b}`), Math.min(weight(a), weight(b)));
    }),
  );
});

test('the user may put licenses into other categories', () => {
  const categoryOf = licenseCategories({ forbidden: ['MIT', 'House'], notice: ['GPL-3.0'] });
  const found = ['MIT', 'house', 'GPL-3.0-only', 'GPL-2.0', 'AGPL-3.0', 'ISC'].map((name) => categoryOf(name));
  // AGPL-3.0 and ISC were in categories whose usual names do not count any more.
  assert.deepEqual(found, ['forbidden', 'forbidden', 'notice', 'restricted', 'unknown', 'unknown']);
  assert.equal(judgeLicense('MIT OR GPL-3.0', categoryOf), 'notice');
});
