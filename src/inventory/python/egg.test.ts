import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { makeZip } from '#formats/fakes';
import { binaryContext, binaryFile } from '../binary-file.test.kit.js';
import { egg } from './egg.js';

test('a zipped egg', () => {
  const bytes = makeZip([{ path: 'EGG-INFO/PKG-INFO', content: Buffer.from('Name: a\nVersion: 1.0\nLicense: MIT\n') }]);
  const found = egg.extract(binaryFile('lib/a.egg', bytes), binaryContext());
  assert.deepEqual(found?.applications[0]?.packages, [
    { name: 'a', version: '1.0', licenses: ['MIT'], path: 'lib/a.egg', analyzedBy: 'python-egg' },
  ]);
});

test('an egg without metadata is a diagnostic', () => {
  const reports: string[] = [];
  assert.equal(egg.extract(binaryFile('a.egg', makeZip([])), binaryContext(reports)), undefined);
  assert.deepEqual(reports, ['incomplete-metadata']);
});

test('what is no archive is refused', () => {
  assert.throws(() => egg.extract(binaryFile('a.egg', Buffer.from('text')), binaryContext()), FormatError);
});
