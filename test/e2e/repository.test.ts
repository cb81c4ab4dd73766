/** Git repositories: directories, and remote ones that the program clones with git or without. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../fakes/free-port.js';
import { assertFails } from './kit/failure.js';
import { pratique } from './kit/program.js';
import { findingsOf, reportOf } from './kit/report.js';
import { without } from './kit/tools.js';
import { workplace } from './kit/workplace.js';

const { at, offline } = workplace();
const skip = without('git');
const findings = ['CVE-2099-0003 made-parser', 'CVE-2099-0004 made-parser'];
let daemon: ChildProcess | undefined;
let remote = '';

function git(...args: string[]): string {
  const person = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...person, ...args], { cwd: at(), encoding: 'utf8', stdio: 'pipe' }).trim();
}

before(async () => {
  mkdirSync(at('served'), { recursive: true });
  mkdirSync(at('work'));
  const packages = { '': { name: 'made' }, 'node_modules/made-parser': { version: '1.0.0' } };
  writeFileSync(at('work/package-lock.json'), JSON.stringify({ name: 'made', lockfileVersion: 3, packages }));
  if (skip) return;
  git('init', '--quiet', 'work');
  git('-C', 'work', 'add', '--all');
  git('-C', 'work', 'commit', '--quiet', '--message', 'Made');
  git('-C', 'work', 'tag', 'v1');
  git('clone', '--quiet', '--bare', 'work', 'served/made.git');
  const port = await freePort();
  remote = `git://127.0.0.1:${port}/made.git`;
  const options = [
    `--port=${port}`,
    '--listen=127.0.0.1',
    '--export-all',
    `--base-path=${at('served')}`,
    '--reuseaddr',
  ];
  daemon = spawn('git', ['daemon', ...options], { stdio: 'ignore' });
  for (let tries = 0; tries < 100; tries++) {
    try {
      return void git('ls-remote', remote);
    } catch {
      await sleep(50);
    }
  }
});
after(() => daemon?.kill());

test('a remote repository by branch and tag, and what the report tells of it', { skip }, async () => {
  for (const options of [[], ['--branch', 'main'], ['--tag', 'v1']]) {
    const ran = await pratique(['repo', ...offline, ...options, remote]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(findingsOf(ran), findings);
    const { ArtifactName, ArtifactType, Metadata } = reportOf(ran) as unknown as {
      readonly ArtifactName: string;
      readonly ArtifactType: string;
      readonly Metadata: Readonly<Record<string, unknown>>;
    };
    assert.deepEqual([ArtifactName, ArtifactType], [remote, 'repository']);
    assert.deepEqual(
      [Metadata['RepoURL'], Metadata['Branch'], Metadata['Tags'], Metadata['Commit'], Metadata['CommitMsg']],
      [remote, options[0] === '--tag' ? undefined : 'main', ['v1'], git('-C', 'work', 'rev-parse', 'HEAD'), 'Made'],
    );
  }
  assertFails(await pratique(['repo', ...offline, '--branch', 'none', remote]), /has no branch none/);
  assertFails(await pratique(['repo', ...offline, remote.replace('made', 'none')]), /could not be cloned/);
});

test('the same findings from the directory', { skip }, async () => {
  const ran = await pratique(['repository', ...offline, at('work')]);
  assert.deepEqual(findingsOf(ran), findings);
});

test('a clone that is ended leaves nothing behind', { skip: skip || process.platform === 'win32' }, async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket.on('error', () => {})));
  const started = once(silent, 'connection');
  const port = await freePort();
  await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
  const temporary = at('temporary');
  mkdirSync(temporary);
  const ran = await pratique(['repo', ...offline, `git://127.0.0.1:${port}/x`], {
    env: { TMPDIR: temporary },
    during: (child) => void started.then(() => child.kill('SIGTERM')),
  });
  assert.equal(ran.code, 1, ran.stderr);
  assert.match(ran.stderr, /interrupted/);
  assert.deepEqual(readdirSync(temporary), []);
  for (const socket of sockets) socket.destroy();
  silent.close();
});
