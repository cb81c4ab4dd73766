import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { normalizeLicense, splitLicenses } from './license-name.js';

const names = [
  ['MIT License', 'MIT'],
  ['The MIT License (MIT)', 'MIT'],
  ['ISC License (ISCL)', 'ISC'],
  ['BSD License', 'BSD-3-Clause'],
  ['Apache Software License', 'Apache-2.0'],
  ['Apache License, Version 2.0', 'Apache-2.0'],
  ['GNU General Public License v2 or later (GPLv2+)', 'GPL-2.0-or-later'],
  ['GNU General Public License v3 (GPLv3)', 'GPL-3.0-only'],
  ['GNU Lesser General Public License v2 or later (LGPLv2+)', 'LGPL-2.0-or-later'],
  ['GNU Affero General Public License v3', 'AGPL-3.0-only'],
  ['LGPL-2.1-or-later', 'LGPL-2.1-or-later'],
  ['GPLv3+', 'GPL-3.0-or-later'],
  ['GPL-2.0', 'GPL-2.0-only'],
  ['Mozilla Public License 1.1 (MPL 1.1)', 'MPL-1.1'],
  ['Eclipse Public License v2.0', 'EPL-2.0'],
  ['Python Software Foundation License', 'Python Software Foundation License'],
  ['GPL', 'GPL'],
  ['UNKNOWN', 'UNKNOWN'],
  ['Public Domain', 'Public Domain'],
  ['__proto__', '__proto__'],
] as const;

for (const [name, expected] of names) test(name, () => assert.equal(normalizeLicense(name), expected));

const lists = [
  ['MIT, BSD', ['MIT', 'BSD-3-Clause']],
  ['MIT or Apache-2.0', ['MIT', 'Apache-2.0']],
  ['BSD-3-Clause AND MIT', ['BSD-3-Clause', 'MIT']],
  ['GPL-2.0 or later', ['GPL-2.0-or-later']],
  ['Apache License, Version 2.0', ['Apache-2.0']],
  ['Permission is hereby granted', ['text://Permission is hereby granted']],
  ['', []],
] as const;

for (const [text, expected] of lists) test(`list: ${text}`, () => assert.deepEqual(splitLicenses(text), expected));

test('any text is quick and throws nothing', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => assert.ok(Array.isArray(splitLicenses(text)))));
  for (const part of [' or', ' ', ',', '(', 'GNU-', '1.']) splitLicenses(part.repeat(20_000));
});
