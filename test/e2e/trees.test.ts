/** Directories: a root file system, and source code with a lock file. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { alpineFindings, alpineImage, writeTree } from './kit/images.js';
import { assertFails } from './kit/failure.js';
import { pratique } from './kit/program.js';
import { findingsOf, reportOf } from './kit/report.js';
import { workplace } from './kit/workplace.js';

const { at, folder, offline } = workplace();
writeTree(at('rootfs'), alpineImage().layers);
mkdirSync(at('code'));
const locked = { 'node_modules/made-parser': { version: '1.0.0' }, 'node_modules/fine': { version: '1.0.0' } };
writeFileSync(
  at('code/package-lock.json'),
  JSON.stringify({ name: 'made', lockfileVersion: 3, packages: { '': { name: 'made' }, ...locked } }),
);

test('rootfs', async () => {
  const ran = await pratique(['rootfs', ...offline, at('rootfs')]);
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(findingsOf(ran), alpineFindings);
});

for (const word of ['fs', 'filesystem']) {
  test(`${word}, by a relative path`, async () => {
    const ran = await pratique([word, ...offline, 'code'], { cwd: folder });
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(findingsOf(ran), ['CVE-2099-0003 made-parser', 'CVE-2099-0004 made-parser']);
    assert.equal(reportOf(ran).ArtifactName, 'code');
  });
}

test('skipped files and directories are not read', async () => {
  for (const option of [
    ['--skip-files', '**/package-lock.json'],
    ['--skip-dirs', 'code'],
  ]) {
    const ran = await pratique(['fs', ...offline, ...option, '.'], { cwd: folder });
    assert.ok(!reportOf(ran).Results?.some((result) => result.Target.startsWith('code/')), ran.stdout);
  }
});

test('links that lead outside or around are not followed', async () => {
  mkdirSync(at('linked'));
  symlinkSync(at('linked'), at('linked/around'));
  symlinkSync(at('code'), at('linked/outside'));
  const ran = await pratique(['fs', ...offline, at('linked')]);
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(findingsOf(ran), []);
});

test('a path that is not there, none, and two', async () => {
  assertFails(await pratique(['fs', ...offline, at('nothing')]), /nothing: no such file or directory/);
  assertFails(await pratique(['fs', ...offline]), /needs a path/);
  assertFails(await pratique(['rootfs', ...offline, 'a', 'b']), /one path at a time/);
});
