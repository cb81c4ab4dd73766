import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { test } from 'node:test';
import { confinedFileSystem } from './confined-file-system.js';
import { tempDirectory } from './temp-directory.js';

test('inside the root everything goes, outside nothing', async () => {
  const { path, remove } = await tempDirectory();
  const root = join(path, 'root');
  const { promises: fs } = confinedFileSystem(root);
  await fs.mkdir(root);
  await fs.writeFile(join(root, 'a'), 'x');
  assert.equal(String(await fs.readFile(join(root, 'a'))), 'x');
  assert.deepEqual(await fs.readdir(root), ['a']);
  for (const outside of [join(root, '../b'), `${root}b`, '/etc/passwd', 'relative', join(root, 'c/../../b')])
    await assert.rejects(async () => fs.writeFile(outside, 'x'), { code: 'file/unwritable' }, outside);
  await assert.rejects(async () => fs.symlink(join(root, 'd'), '/etc'), { code: 'file/unwritable' });
  await assert.rejects(async () => fs.lstat(join(root, 'none')), { code: 'ENOENT' });
  await remove();
});
