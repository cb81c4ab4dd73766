import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { assertSurvivesDamage, extractTree, namesOf } from '../extract-tree.test.kit.js';
import { parseCoreMetadata } from './core-metadata.js';
import { pythonPackage } from './python-package.js';

const metadata = `Metadata-Version: 2.1
Name: Some.Package
version: 1.0
Summary: text
Classifier: License :: OSI Approved
Classifier: License :: OSI Approved :: MIT License
License: something else
Description: first
        second

Name: not a header
`;

const licenses = [
  ['License-Expression: MIT OR Apache-2.0\nLicense: x', ['MIT', 'Apache-2.0']],
  ['Classifier: License :: OSI Approved :: BSD License\nLicense: MIT', ['BSD-3-Clause']],
  ['Classifier: License :: OSI Approved\nLicense: Eclipse Public License v2.0', ['EPL-2.0']],
  ['License: UNKNOWN', ['UNKNOWN']],
  ['Summary: none', []],
] as const;

for (const [lines, expected] of licenses)
  test(`licenses of ${JSON.stringify(lines)}`, () =>
    assert.deepEqual(parseCoreMetadata(`Name: a\nVersion: 1\n${lines}\n`)?.licenses, expected));

test('installed distributions by their paths', async () => {
  const found = await extractTree(pythonPackage, {
    'lib/a.dist-info/METADATA': metadata,
    'lib/b.egg-info/PKG-INFO': metadata,
    'lib/c.egg-info': metadata,
    'lib/d.egg-info/METADATA': metadata,
    'lib/e.egg/EGG-INFO/PKG-INFO': metadata,
    'lib/METADATA': metadata,
    'src/PKG-INFO': metadata,
  });
  assert.deepEqual(
    found.applications.map(({ path }) => path),
    [
      'lib/a.dist-info/METADATA',
      'lib/b.egg-info/PKG-INFO',
      'lib/c.egg-info',
      'lib/d.egg-info/METADATA',
      'lib/e.egg/EGG-INFO/PKG-INFO',
    ],
  );
  assert.equal(namesOf(found)[0], 'Some.Package@1.0');
  assert.deepEqual(found.applications[0]?.packages[0]?.licenses, ['MIT']);
});

test('a file without name is a diagnostic', async () => {
  const { reports } = await extractTree(pythonPackage, { 'x.dist-info/METADATA': 'Version: 1\n' });
  assert.deepEqual(reports, ['incomplete-metadata']);
});

test('any text is read', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseCoreMetadata(`Name: a\n${text}`)));
});

test('damaged files', () =>
  assertSurvivesDamage(pythonPackage, 'a.dist-info/METADATA', { 'a.dist-info/METADATA': metadata }));
