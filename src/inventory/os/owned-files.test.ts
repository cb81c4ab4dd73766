import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '#base';
import type { ExtractContext } from '../extractor.js';
import { OwnedFiles } from './owned-files.js';

test('files of many packages are taken up to the limit, and what is left out is told once', () => {
  const reports: string[] = [];
  const context: ExtractContext = {
    options: { includeDev: false, detection: 'precise' },
    report: (code) => void reports.push(code),
    sibling: () => undefined,
    companionsUnder: () => [],
  };
  const owned = new OwnedFiles(context);
  assert.deepEqual(owned.take(['/usr/bin/a', 'etc/b']), ['/usr/bin/a', 'etc/b']);
  assert.deepEqual(owned.paths, ['usr/bin/a', 'etc/b']);
  const many = Array.from({ length: limits.ownedFiles - 3 }, () => '/x');
  assert.equal(owned.take(many).length, many.length);
  assert.deepEqual(reports, []);
  assert.deepEqual(owned.take(['/c', '/d', '/e']), ['/c']);
  assert.equal(owned.paths.length, limits.ownedFiles);
  assert.deepEqual(reports, ['too-many-files']);
  assert.ok(owned.full);
  assert.deepEqual([owned.take(['/f']), owned.take([])], [[], []]);
  assert.deepEqual(reports, ['too-many-files']);
});
