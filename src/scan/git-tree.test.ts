import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { tempDirectory, type TempDirectory } from '#platform';
import { fakeWorld } from '#platform/fakes';
import { openTree } from './git-tree.js';
import { scan } from './scan.js';

let place: TempDirectory;
let work: string;
let commit = '';
const person = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
const git = (...args: string[]): string =>
  execFileSync('git', [...person, ...args], { cwd: work, encoding: 'utf8', stdio: 'pipe' }).trim();

const skip = ((): string | false => {
  try {
    return execFileSync('git', ['--version']).length === 0 && 'no git';
  } catch {
    return 'git is not installed';
  }
})();

before(async () => {
  place = await tempDirectory();
  work = join(place.path, 'work');
  mkdirSync(join(work, 'etc'), { recursive: true });
  const packages = { '': { name: 'p' }, 'node_modules/a': { version: '1.0.0' } };
  writeFileSync(join(work, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  writeFileSync(join(work, 'etc/os-release'), 'ID=alpine\nVERSION_ID=3.20.0\n');
  writeFileSync(join(work, 'etc/alpine-release'), '3.20.0\n');
  if (skip) return;
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Say hello');
  commit = git('rev-parse', 'HEAD');
});
after(() => place.remove());

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

test('a directory with a repository is reported as that repository', { skip }, async () => {
  for (const kind of ['filesystem', 'repository'] as const) {
    const report = await scan({ kind, path: work }, { scanners: [], cache: false }, fakeWorld());
    assert.equal(report.artifactType, 'repository');
    assert.equal(report.artifactName, work);
    assert.equal(report.artifactId, sha256(`${work}@${commit}`));
    assert.deepEqual(report.metadata.git, {
      branch: 'main',
      commit,
      commitMessage: 'Say hello',
      author: 'A <a@example.org>',
      committer: 'A <a@example.org>',
    });
    assert.equal(report.metadata.os?.family, kind === 'repository' ? undefined : 'alpine', kind);
    assert.ok(
      report.results.some(({ target }) => target === 'package-lock.json'),
      kind,
    );
  }
  git('remote', 'add', 'origin', 'https://me:secret@example.org/x.git');
  const { artifactId, metadata } = await scan({ kind: 'filesystem', path: work }, { scanners: [] }, fakeWorld());
  assert.equal(artifactId, sha256(`https://example.org/x.git@${commit}`));
  assert.equal(metadata.git?.repoUrl, 'https://example.org/x.git');
});

test('a directory without one', async () => {
  const bare = join(place.path, 'bare');
  mkdirSync(bare);
  for (const [kind, type] of [
    ['filesystem', 'filesystem'],
    ['repository', 'repository'],
  ] as const) {
    const report = await scan({ kind, path: bare }, { scanners: [] }, fakeWorld());
    assert.deepEqual([report.artifactType, report.artifactId, report.metadata.git], [type, undefined, undefined]);
  }
});

test('a damaged repository costs its metadata, not the scan', async () => {
  const damaged = join(place.path, 'damaged');
  const id = 'a'.repeat(40);
  mkdirSync(join(damaged, '.git/objects/aa'), { recursive: true });
  writeFileSync(join(damaged, '.git/HEAD'), `${id}\n`);
  writeFileSync(join(damaged, '.git/objects/aa', id.slice(2)), 'not an object');
  const world = fakeWorld();
  const report = await scan({ kind: 'filesystem', path: damaged }, { scanners: [] }, world);
  assert.equal(report.artifactType, 'filesystem');
  assert.match(world.written.log, /WARN\tthe git repository cannot be read/);
});

test('local or remote', async () => {
  const world = fakeWorld({ env: { PATH: '' } });
  const open = (path: string) => openTree({ kind: 'repository', path, branch: 'b' }, {}, world);
  assert.equal((await open(work)).path, work);
  assert.match(world.written.log, /branch, tag and commit count for remote repositories only/);
  for (const path of ['none', './none', 'none/below', '/none'])
    await assert.rejects(open(path), { code: 'file/not-found' });
  await assert.rejects(open('git://127.0.0.1:1/x'), { code: 'git/clone-failed' });
  await assert.rejects(open('file:///x'), { code: 'git/invalid-url' });
  assert.ok(!existsSync('none'));
});
