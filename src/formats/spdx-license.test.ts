import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, constantFrom, property, string } from 'fast-check';
import { formatLicenseExpression, parseLicenseExpression } from './license-expression.js';
import { spdxLicense } from './spdx-license.js';

const vectors: readonly (readonly [string, string, 'identifier' | 'expression' | 'other'])[] = [
  ['MIT', 'MIT', 'identifier'],
  ['mit', 'MIT', 'identifier'],
  ['GPL-2.0', 'GPL-2.0-only', 'identifier'],
  ['GPL-2.0+', 'GPL-2.0-or-later', 'identifier'],
  ['GPLv2+', 'GPL-2.0-or-later', 'identifier'],
  ['GPL-2.0-with-classpath-exception', 'GPL-2.0-with-classpath-exception', 'identifier'],
  ['GPL-2.0 with classpath-exception-2.0', 'GPL-2.0-only WITH Classpath-exception-2.0', 'expression'],
  ['GPL-2.0-with-nonsense', 'GPL-2.0-only WITH nonsense', 'other'],
  ['Apache-2.0+', 'Apache-2.0+', 'expression'],
  ['Apache License, Version 2.0', 'Apache-2.0', 'identifier'],
  ['(MIT OR Apache-2.0) AND BSD', '(MIT OR Apache-2.0) AND BSD-3-Clause', 'expression'],
  ['MIT or (ISC and Zlib)', 'MIT OR ISC AND Zlib', 'expression'],
  ['MIT AND Public Domain', 'MIT AND Public Domain', 'other'],
  ['Public Domain', 'Public Domain', 'other'],
  ['', '', 'other'],
  ['MIT AND', 'MIT AND', 'other'],
  ['(MIT', '(MIT', 'other'],
  ['MIT)', 'MIT)', 'other'],
  ['__proto__', '__proto__', 'other'],
];

test('licenses as SPDX writes them', () => {
  for (const [text, written, kind] of vectors) {
    const license = spdxLicense(text);
    assert.deepEqual([license.text, license.kind], [written, kind], text);
  }
});

test('nested too deep or too long is no expression', () => {
  assert.equal(parseLicenseExpression(`${'('.repeat(33)}MIT${')'.repeat(33)}`), undefined);
  assert.ok(parseLicenseExpression(`${'('.repeat(32)}MIT${')'.repeat(32)}`));
  assert.equal(parseLicenseExpression('('.repeat(1_000_000)), undefined);
  assert.equal(spdxLicense('a'.repeat(5000)).kind, 'other');
});

const words = constantFrom(
  'MIT',
  'GPL-2.0',
  'ISC+',
  'Public',
  'Domain',
  'AND',
  'or',
  'WITH',
  '(',
  ')',
  'LLVM-exception',
);

test('any words: what is written reads the same again', () => {
  check(
    property(array(words, { maxLength: 12 }), (tokens) => {
      const expression = parseLicenseExpression(tokens.join(' '));
      if (expression) assert.deepEqual(parseLicenseExpression(formatLicenseExpression(expression)), expression);
      const { text, kind } = spdxLicense(tokens.join(' '));
      if (kind !== 'other') assert.deepEqual(spdxLicense(text).text, text);
    }),
  );
});

test('any text: never throws', () => {
  check(property(string({ unit: 'binary' }), (text) => void spdxLicense(text)));
});
