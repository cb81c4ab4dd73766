import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import { parseCommit } from './commit.js';
import { gitConfigValue } from './config.js';
import { readGitMetadata, withoutCredentials } from './metadata.js';
import { isSafeReference } from './refs.js';
import { commitFiles, git, gitInstalled, testPlace, writeFiles } from './server.test.kit.js';

const skip = !gitInstalled && 'git is not installed';
const place = testPlace();
after(() => place.remove());

function repository(name: string): string {
  const path = join(place.path, name);
  git(place.path, 'init', '--quiet', '--initial-branch', 'main', path);
  return path;
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

test('a repository as git leaves it: loose, packed, detached, linked', { skip }, () => {
  const work = repository('usual');
  commitFiles(work, { a: '1\n' }, 'One');
  const commit = commitFiles(work, { a: '2\n' }, '\n  Two\n\nbody\n\n');
  git(work, 'tag', 'light/one');
  git(work, 'tag', '--annotate', '--message', 'x', 'heavy');
  git(work, 'remote', 'add', 'origin', 'https://user:secret@example.org/o.git');
  const wanted = {
    repoUrl: 'https://example.org/o.git',
    branch: 'main',
    tags: ['light/one'],
    commit,
    commitMessage: 'Two\n\nbody',
    author: 'Ada Example <ada@example.org>',
    committer: 'Bob Example <bob@example.org>',
  };
  assert.deepEqual(readGitMetadata(work), wanted);
  git(work, 'remote', 'add', 'upstream', 'git@example.org:up/stream.git');
  const forked = { ...wanted, repoUrl: 'git@example.org:up/stream.git' };
  assert.deepEqual(readGitMetadata(work), forked);
  git(work, 'gc', '--quiet');
  assert.ok(existsSync(join(work, '.git/packed-refs')));
  assert.deepEqual(readGitMetadata(work), forked);
  git(work, 'tag', 'after-gc');
  assert.deepEqual(readGitMetadata(work)?.tags, ['after-gc', 'light/one']);
  git(work, 'tag', '--delete', 'after-gc');

  const linked = join(place.path, 'linked');
  git(work, 'worktree', 'add', '--quiet', '-b', 'other', linked, commit);
  assert.deepEqual(readGitMetadata(linked), { ...forked, branch: 'other' });

  git(work, 'checkout', '--quiet', '--detach', 'HEAD~1');
  const { tags: _tags, branch: _branch, ...rest } = forked;
  assert.deepEqual(readGitMetadata(work), {
    ...rest,
    commit: git(work, 'rev-parse', 'HEAD'),
    commitMessage: 'One',
  });
});

test('what is no repository has no metadata', { skip }, () => {
  const empty = repository('no-commit');
  assert.equal(readGitMetadata(empty), undefined);
  assert.equal(readGitMetadata(place.path), undefined);
  assert.equal(readGitMetadata(join(empty, '.git')), undefined);
  mkdirSync(join(empty, 'below'));
  assert.equal(readGitMetadata(join(empty, 'below')), undefined);
});

test('a hostile tree shows no other repository as its own', { skip }, () => {
  const secret = repository('secret');
  commitFiles(secret, { a: '1\n' }, 'confidential');
  const trees: Readonly<Record<string, (path: string) => void>> = {
    'by-file': (path) => writeFileSync(join(path, '.git'), `gitdir: ${join(secret, '.git')}\n`),
    'by-link': (path) => symlinkSync(join(secret, '.git'), join(path, '.git')),
    'by-head': (path) =>
      writeFiles(path, {
        '.git/HEAD': 'ref: refs/heads/../../../../secret/.git/refs/heads/main\n',
        '.git/objects/x': '',
      }),
    'by-linked-reference': (path) =>
      writeFiles(path, {
        '.git/HEAD': 'ref: refs/heads/main\n',
        '.git/refs/heads/main': `-> ${join(secret, '.git/refs/heads/main')}`,
      }),
    'by-alternates': (path) =>
      writeFiles(path, {
        '.git/HEAD': `${git(secret, 'rev-parse', 'HEAD')}\n`,
        '.git/objects/info/alternates': `${join(secret, '.git/objects')}\n`,
      }),
    'by-loop': (path) =>
      writeFiles(path, { '.git/HEAD': 'ref: refs/heads/a\n', '.git/refs/heads/a': 'ref: refs/heads/a\n' }),
  };
  for (const [name, make] of Object.entries(trees)) {
    const path = join(place.path, name);
    mkdirSync(path);
    make(path);
    assert.equal(readGitMetadata(path), undefined, name);
  }
});

test('pipes do not hang it', { skip: process.platform === 'win32' }, () => {
  const path = join(place.path, 'pipes');
  mkdirSync(join(path, '.git'), { recursive: true });
  execFileSync('mkfifo', [join(path, '.git/HEAD')]);
  assert.equal(readGitMetadata(path), undefined);
});

test('nothing that the configuration names is run', { skip }, () => {
  const work = repository('evil');
  const commit = commitFiles(work, { a: '1\n' }, 'x');
  const pwned = join(place.path, 'pwned');
  const program = join(place.path, 'program');
  writeFileSync(program, `#!/bin/sh\ntouch ${pwned}\n`, { mode: 0o755 });
  for (const key of ['core.fsmonitor', 'core.sshCommand', 'core.pager', 'diff.external', 'filter.x.clean'])
    git(work, 'config', key, program);
  git(work, 'config', 'include.path', '/etc/passwd');
  assert.equal(readGitMetadata(work)?.commit, commit);
  assert.ok(!existsSync(pwned));
});

test('damaged repositories: an error of ours or no metadata, quickly', { skip }, () => {
  const work = repository('damaged');
  for (let i = 0; i < 8; i++) commitFiles(work, { a: `${i}\n`.repeat(100) }, `Commit ${i}`);
  git(work, 'gc', '--quiet');
  const pack = join(work, '.git/objects/pack');
  const files = ['.idx', '.pack'].map((end) =>
    join(
      pack,
      readdirSync(pack).find((name) => name.endsWith(end))!,
    ),
  );
  files.push(join(work, '.git/HEAD'), join(work, '.git/packed-refs'));
  for (const file of files) execFileSync('chmod', ['u+w', file]);
  for (const file of files) {
    const good = readFileSync(file);
    const attempt = (bad: Uint8Array): void => {
      writeFileSync(file, bad);
      try {
        readGitMetadata(work);
      } catch (error) {
        assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
      }
    };
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(7), fc.boolean(), (at, bit, cut) => {
        const bad = Buffer.from(cut ? good.subarray(0, at) : good);
        if (!cut) bad[at]! ^= 1 << bit;
        attempt(bad);
      }),
      { numRuns: 60 },
    );
    writeFileSync(file, good);
  }
  assert.equal(readGitMetadata(work)?.commitMessage, 'Commit 7');
});

test('an object with other content than its id is refused, a huge one is not expanded', { skip }, () => {
  const work = repository('forged');
  const commit = commitFiles(work, { a: '1\n' }, 'x');
  const path = join(work, '.git/objects', commit.slice(0, 2), commit.slice(2));
  execFileSync('chmod', ['u+w', path]);
  writeFileSync(path, deflateSync(bytes('commit 5\0tree ')));
  assert.throws(() => readGitMetadata(work), FormatError);
  writeFileSync(path, deflateSync(Buffer.alloc(64 * 1024 * 1024)));
  assert.throws(() => readGitMetadata(work), LimitError);
});

const of = (text: string): unknown => parseCommit({ type: 'commit', bytes: bytes(text) });

test('commits', () => {
  const tree = `tree ${'a'.repeat(40)}\n`;
  assert.deepEqual(
    of(
      `${tree}parent ${'b'.repeat(40)}\nauthor A <B> C <a@b> 1 +0000\ncommitter  <> 1 +0000\ngpgsig x\n author E <e> 1\n\nm\n`,
    ),
    { tree: 'a'.repeat(40), author: 'A <B> C <a@b>', committer: ' <>', message: 'm' },
  );
  assert.deepEqual(of(`${tree}author J\xfcrg <j> 1 +0\nencoding ISO-8859-1\n\n\xe4`), {
    tree: 'a'.repeat(40),
    author: 'Jürg <j>',
    committer: '',
    message: 'ä',
  });
  assert.equal((of(`${tree}encoding none-such\n\nx`) as { message: string }).message, 'x');
  assert.throws(() => parseCommit({ type: 'blob', bytes: bytes(tree) }), FormatError);
  fc.assert(
    fc.property(fc.uint8Array(), (content) => {
      try {
        parseCommit({ type: 'commit', bytes: content });
      } catch (error) {
        assert.ok(error instanceof FormatError);
      }
    }),
  );
});

test('values of a configuration', () => {
  const text = [
    '# [remote "origin"] url = no',
    '[Core]\n\tWorkTree = ../..  ; here',
    '[remote "a\\"b"] url = "x # y" ; z',
    '[remote "origin"]\n\tfetch = +refs/*:refs/*\n  URL = https://a\\',
    '/b\n\turl = second',
    '[remote]\nurl\n url=\n[other.sub]\nkey = "un',
  ].join('\n');
  const cases: Readonly<Record<string, string | undefined>> = {
    'core.worktree': '../..',
    'remote.a"b.url': 'x # y',
    'remote.origin.url': 'https://a/b',
    'remote.url': '',
    'other.sub.key': 'un',
    'remote.upstream.url': undefined,
  };
  for (const [key, value] of Object.entries(cases)) assert.equal(gitConfigValue(text, key), value, key);
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => void gitConfigValue(any, 'remote.origin.url')));
  const start = performance.now();
  gitConfigValue(`${' '.repeat(500_000)}[${'a'.repeat(500_000)}\n${'\\'.repeat(500_001)}`, 'a.b');
  for (const unit of ['\\', '[', '[a', '[a ', ' ', '"', '\n\\', 'a ', 'a='])
    gitConfigValue(`[a "b"]\nc = ${unit.repeat(200_000)}x\n${unit.repeat(200_000)}x`, 'a.b.c');
  assert.ok(performance.now() - start < 1000);
});

test('names of references stay inside the repository', () => {
  const names: Readonly<Record<string, boolean>> = {
    'refs/heads/main': true,
    'refs/tags/v1.0-rc/ü': true,
    'refs/heads/../x': false,
    'refs/heads//x': false,
    'refs/heads/.x': false,
    'refs/heads/x\\y': false,
    'refs/heads/a b': false,
    'heads/main': false,
    '/refs/heads/x': false,
    'refs/heads/': false,
  };
  for (const [name, safe] of Object.entries(names)) assert.equal(isSafeReference(name), safe, name);
});

test('credentials in addresses', () => {
  const cases: Readonly<Record<string, string>> = {
    'https://user:pa@ss@host/x': 'https://host/x',
    'https://token@host/x@y': 'https://host/x@y',
    'ssh://git@host/x': 'ssh://host/x',
    'git@host:x': 'git@host:x',
    '/a/dir@ectory': '/a/dir@ectory',
    'https://host/x?access_token=abc': 'https://host/x?access_token=***',
  };
  for (const [given, shown] of Object.entries(cases)) assert.equal(withoutCredentials(given), shown);
});
